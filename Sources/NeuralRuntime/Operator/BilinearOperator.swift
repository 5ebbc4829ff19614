package import TensorCore

/// An operator that is linear in its first operand and in its second, plus a third: products of matrices and
/// convolutions. Its range follows from three products of midpoints and radii.
///
/// Source: Rump, "Fast and parallel interval arithmetic", BIT 39 (1999).
package protocol BilinearOperator: AffineOperator {
  /// Products that are added up for one element of the output.
  func terms(for operands: [[Int]]) -> Int

  /// The operator with every factor of its own replaced by its magnitude.
  var withMagnitudes: Self { get }
}

extension BilinearOperator {
  package var withMagnitudes: Self { self }

  /// One factor is known.
  package func isAffine(in varying: [Bool]) -> Bool { varying[0] != varying[1] }

  package func roundings(for operands: [[Int]]) -> Int { terms(for: operands) + 2 }

  package func magnitudes(_ operands: [IntervalTensor]) -> [Tensor<Double>] {
    withMagnitudes.forward(operands.map(\.magnitudes), by: .fastest)
  }

  package func interval(_ operands: [IntervalTensor]) -> [IntervalTensor] {
    let terms = terms(for: operands.map(\.shape))
    let positive = withMagnitudes
    let (left, right) = (operands[0].centred, operands[1].centred)
    let addend = operands.count > 2 ? operands[2].centred : nil
    func product(_ a: Tensor<Double>, _ b: Tensor<Double>, _ c: Tensor<Double>?) -> Tensor<Double> {
      positive.forward([a, b] + [c].compactMap(\.self), by: .fastest)[0]
    }
    let centre = forward(
      [left.centre, right.centre] + [addend?.centre].compactMap(\.self), by: .fastest)[0]
    let a = left.centre.magnitudes
    let b = right.centre.magnitudes
    var radius = product(left.radius, sum(b, right.radius), addend?.radius)
    if right.radius.elements.contains(where: { $0 > 0 }) {
      let zero = addend.map { Tensor<Double>(repeating: 0, shape: $0.centre.shape) }
      radius = sum(radius, product(a, right.radius, zero))
    }
    let magnitudes = product(
      sum(a, left.radius), sum(b, right.radius),
      addend.map { sum($0.centre.magnitudes, $0.radius) })
    let bounds = zip(centre.elements, radius.elements)
    return [
      IntervalTensor(
        lower: Tensor(shape: centre.shape, elements: bounds.map { $0 - $1 }),
        upper: Tensor(shape: centre.shape, elements: bounds.map { $0 + $1 })
      ).widened(terms: terms + 2, magnitudes: magnitudes)
    ]
  }
}

extension Tensor<Double> {
  var magnitudes: Tensor<Double> { Tensor(shape: shape, elements: elements.map { abs($0) }) }
}
