package import TensorCore

/// Bounds of vectors divided by their length: the length has a range, and no part is longer than the whole.
extension LengthNormalization: IntervalOperator {
  package func interval(_ operands: [IntervalTensor]) -> [IntervalTensor] {
    let x = operands[0]
    let (starts, count, step) = groups(x.shape)
    var ranges = x.lower.elements.map { Ranges.Range($0, $0) }
    for start in starts {
      let size = length(x, start, count, step)
      for i in 0..<count {
        ranges[start + i * step] = quotient(x[start + i * step], size)
      }
    }
    return [IntervalTensor(shape: x.shape, ranges)]
  }

  private func length(
    _ x: IntervalTensor, _ start: Int, _ count: Int, _ step: Int
  ) -> Ranges.Range {
    var size: Ranges.Range = length == .greatest ? (-.infinity, -.infinity) : (0, 0)
    for i in 0..<count {
      let range = x[start + i * step]
      switch length {
      case .sum: size = Ranges.sum(size, Ranges.magnitude(range))
      case .root: size = Ranges.sum(size, Ranges.square(range))
      case .greatest: size = (max(size.low, range.low), max(size.high, range.high))
      }
    }
    guard length != .greatest else { return size }
    if length == .root { size = (max(size.low, 0).squareRoot(), size.high.squareRoot()) }
    let slack = OutwardRounding.gamma(count + 4)
    return (max(size.low * (1 - slack), 0), (size.high * (1 + slack)).nextUp)
  }

  private func quotient(_ x: Ranges.Range, _ size: Ranges.Range) -> Ranges.Range {
    // A length of 0 leaves the elements as they are.
    guard size.low > 0, size.high.isFinite else {
      guard length != .greatest else { return (-.infinity, .infinity) }
      let limit = 1.001
      return (x.low < 0 ? -limit : 0, x.high > 0 ? limit : 0)
    }
    let y = Ranges.product(x, (1 / size.high, 1 / size.low))
    let wide = OutwardRounding.widened(y.low, y.high, ulps: 4)
    guard length != .greatest else { return wide }
    let limit = 1 + OutwardRounding.gamma(8) + 0.001
    return Ranges.intersection(wide, (-limit, limit))
  }
}
