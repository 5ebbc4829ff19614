package import TensorCore

/// Bounds of the p-norm of a window, which rises with every magnitude in it.
extension PowerPooling: IntervalOperator {
  package func interval(_ operands: [IntervalTensor]) -> [IntervalTensor] {
    let x = operands[0]
    let sizes = x.lower.elements.indices.map { Ranges.magnitude(x[$0]) }
    let low = forward([Tensor(shape: x.shape, elements: sizes.map(\.low))], by: .fastest)[0]
    let high = forward([Tensor(shape: x.shape, elements: sizes.map(\.high))], by: .fastest)[0]
    let terms = min(x.shape.dropFirst(2).reduce(1, *), 1 << 20)
    // The sum's error, and that of the two powers, which grows with p.
    let slack = OutwardRounding.gamma(terms + 8) + OutwardRounding.gamma(8) * (4 + power)
    return [
      IntervalTensor(lower: low, upper: high).map {
        (max($0 * (1 - slack), 0).nextDown, ($1 * (1 + slack) + OutwardRounding.underflow).nextUp)
      }
    ]
  }
}
