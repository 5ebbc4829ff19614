package import TensorCore

/// Bounds of a tensor with updates: replacing, adding and taking the greater rise with both; a product does not.
extension Scattering: IntervalOperator {
  package func interval(_ operands: [IntervalTensor]) -> [IntervalTensor] {
    let targets = targets(operands[0].shape, operands[1].shape)
    var ranges = operands[0].lower.elements.indices.map { operands[0][$0] }
    for (i, target) in targets.enumerated() {
      let (old, new) = (ranges[target], operands[1][i])
      switch reduction {
      case .none: ranges[target] = new
      case .max: ranges[target] = (max(old.low, new.low), max(old.high, new.high))
      case .min: ranges[target] = (min(old.low, new.low), min(old.high, new.high))
      case .add, .mul:
        let both = reduction == .add ? Ranges.sum(old, new) : Ranges.product(old, new)
        // Updates may come in any order: each one is given the room of all magnitudes so far.
        let size = Ranges.magnitude(old).high + Ranges.magnitude(new).high
        let room =
          reduction == .add
          ? OutwardRounding.error(ofSum: targets.count, magnitude: size) : 0
        let wide = OutwardRounding.widened(both.low, both.high, ulps: 4)
        ranges[target] = (wide.0 - room, wide.1 + room)
      }
    }
    return [IntervalTensor(shape: operands[0].shape, ranges)]
  }
}
