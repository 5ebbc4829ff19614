package import TensorCore

/// Bounds of elements divided by a power of their neighbours' squares.
extension LocalResponseNormalization: IntervalOperator {
  package func interval(_ operands: [IntervalTensor]) -> [IntervalTensor] {
    let x = operands[0]
    let (channels, plane) = (x.shape[1], x.shape[2...].reduce(1, *))
    let slack = OutwardRounding.gamma(min(size, channels) + 6)
    let ranges = x.lower.elements.indices.map { place -> Ranges.Range in
      let channel = place / plane % channels
      var squares: Ranges.Range = (0, 0)
      for other in window(channel, channels) {
        squares = Ranges.sum(squares, Ranges.square(x[place + (other - channel) * plane]))
      }
      squares = (max(squares.low * (1 - slack), 0), squares.high * (1 + slack))
      let scaled = Ranges.product(squares, (alpha / Double(size), alpha / Double(size)))
      let base = OutwardRounding.widened(bias + scaled.low, bias + scaled.high, ulps: 2)
      guard base.0 > 0, base.1.isFinite else { return (-.infinity, .infinity) }
      let ends = [PortableMath.pow(base.0, -beta), PortableMath.pow(base.1, -beta)]
      let y = Ranges.product(x[place], (min(ends[0], ends[1]), max(ends[0], ends[1])))
      // An engine's power may be off by more where the exponent is large.
      return OutwardRounding.widened(y.low, y.high, ulps: 8 + 4 * abs(beta))
    }
    return [IntervalTensor(shape: x.shape, ranges)]
  }
}
