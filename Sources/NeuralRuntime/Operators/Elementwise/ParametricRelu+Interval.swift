package import TensorCore

/// Bounds of a Relu with slopes: what is above 0 stays, what is below is multiplied.
extension ParametricRelu: IntervalOperator {
  package func interval(_ operands: [IntervalTensor]) -> [IntervalTensor] {
    let (x, slope) = (operands[0], operands[1])
    let strides = IndexWalk.broadcastStrides(slope.shape, to: x.shape) ?? []
    let places = IndexWalk.positions(x.shape, strides: strides)
    let ranges = x.lower.elements.indices.map { index -> Ranges.Range in
      let range = x[index]
      var result: Ranges.Range = (.infinity, -.infinity)
      if range.high >= 0 { result = (max(range.low, 0), range.high) }
      if range.low < 0 {
        let below = Ranges.product((range.low, min(range.high, 0)), slope[places[index]])
        let wide = OutwardRounding.widened(below.low, below.high, ulps: 1)
        result = (min(result.low, wide.0), max(result.high, wide.1))
      }
      return result
    }
    return [IntervalTensor(shape: x.shape, ranges)]
  }
}
