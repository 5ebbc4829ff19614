package import TensorCore

/// Bounds of a normalisation: distances from the mean and the deviation each have a range, and no normalised
/// element of n can be over √n in size.
extension MomentNormalization: IntervalOperator {
  package func interval(_ operands: [IntervalTensor]) -> [IntervalTensor] {
    let x = operands[0]
    let layout = layout(x.shape, factorShape: operands.count > 1 ? operands[1].shape : [1])
    let biasLayout =
      operands.count > 2 ? self.layout(x.shape, factorShape: operands[2].shape) : layout
    var ranges = x.lower.elements.map { Ranges.Range($0, $0) }
    var means: [Ranges.Range] = []
    var inverses: [Ranges.Range] = []
    for start in layout.starts {
      let group = group(x, start, layout.offsets)
      means.append(group.mean)
      inverses.append(group.inverse)
      for (index, offset) in layout.offsets.enumerated() {
        var y = group.normal[index]
        if operands.count > 1 { y = Ranges.product(y, operands[1][layout.factor(start + offset)]) }
        if operands.count > 2 { y = Ranges.sum(y, operands[2][biasLayout.factor(start + offset)]) }
        ranges[start + offset] = OutwardRounding.widened(y.low, y.high, ulps: 4)
      }
    }
    var results = [IntervalTensor(shape: x.shape, ranges)]
    if let shapes = try? outputShapes(for: operands.map(\.shape)), shapes.count > 1 {
      results.append(IntervalTensor(shape: shapes[1], means))
      if shapes.count > 2 { results.append(IntervalTensor(shape: shapes[2], inverses)) }
    }
    return results
  }

  private struct Group {
    var mean: Ranges.Range
    var inverse: Ranges.Range
    var normal: [Ranges.Range]
  }

  private func group(_ x: IntervalTensor, _ start: Int, _ offsets: [Int]) -> Group {
    let count = Double(offsets.count)
    var (low, high, size) = (0.0, 0.0, 0.0)
    for offset in offsets {
      let range = x[start + offset]
      low += range.low
      high += range.high
      size += Ranges.magnitude(range).high
    }
    // What an engine's mean and differences can be off by.
    let terms = offsets.count + 4
    let error = OutwardRounding.error(ofSum: terms, magnitude: size / count)
    let mean = Ranges.Range(low / count - error, high / count + error)
    var squares = Ranges.Range(0, 0)
    let distances = offsets.map { offset -> Ranges.Range in
      let own = x[start + offset]
      // The element itself counts in the mean with its own value, not with another one of its range.
      let rest = Ranges.Range(
        (low - own.low) / count - error, (high - own.high) / count + error)
      let share = (count - 1) / count
      let room = error + OutwardRounding.error(ofSum: 2, magnitude: Ranges.magnitude(own).high)
      let range = Ranges.Range(
        own.low * share - rest.high - room, own.high * share - rest.low + room)
      squares = Ranges.sum(squares, Ranges.square(range))
      return range
    }
    let slack = OutwardRounding.gamma(terms)
    let most = (squares.high / count * (1 + slack)).nextUp + epsilon
    let least = max((squares.low / count * (1 - slack)).nextDown, 0) + epsilon
    let isPlain = node.operation == "MeanVarianceNormalization"
    func inverse(_ variance: Double) -> Double {
      1 / (variance.squareRoot() + (isPlain ? 1e-9 : 0))
    }
    let (small, large) = (inverse(most), inverse(least))
    let scale: Ranges.Range =
      small.isFinite && large.isFinite && most >= 0
      ? OutwardRounding.widened(small, large, ulps: 4) : (0, .infinity)
    let limit = (count.squareRoot() * (1 + slack) * 1.000001).nextUp
    return Group(
      mean: mean, inverse: scale,
      normal: distances.map { distance in
        let y = Ranges.product(distance, scale)
        guard limit.isFinite else { return y }
        return Ranges.intersection(
          OutwardRounding.widened(y.low, y.high, ulps: 4), (-limit, limit))
      })
  }
}
