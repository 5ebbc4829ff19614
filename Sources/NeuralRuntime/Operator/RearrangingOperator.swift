package import EngineSupport
package import TensorCore

/// An operator that moves elements about and computes nothing: each element of an output is an element of
/// an operand, or a filler. Values of every type, gradients and bounds all follow from that one map.
package protocol RearrangingOperator: AffineOperator {
  /// For each output, and each of its elements in row-major order, the element it is: an index into the
  /// operands' elements laid end to end, or −1 for the filler.
  func sources(for operands: [[Int]], outputs: [[Int]]) -> [[Int]]

  /// One element of what stands where nothing is taken from; nil for the type's own filler.
  var fill: (any NumericTensor)? { get }
}

extension RearrangingOperator {
  package var fill: (any NumericTensor)? { nil }

  package func isAffine(in varying: [Bool]) -> Bool { true }

  package func roundings(for operands: [[Int]]) -> Int { 0 }

  package func magnitudes(_ operands: [IntervalTensor]) -> [Tensor<Double>] {
    interval(operands).map(\.magnitudes)
  }

  package func evaluate(
    _ operands: [RuntimeValue?], within budget: inout EvaluationBudget
  ) throws(Diagnostic) -> [RuntimeValue] {
    let tensors = try node.tensors(operands)
    let shapes = tensors.map(\.shape)
    let outputs = try outputShapes(for: shapes)
    for shape in outputs { try budget.claim(shape, for: node, work: shape.count) }
    guard let first = tensors.first else { throw node.mismatch("there is no input") }
    return try gathered(
      first, tensors, sources(for: shapes, outputs: outputs), outputs, fill, node)
  }

  package func forward<S: KernelScalar>(
    _ operands: [Tensor<S>], by path: KernelPath
  ) -> [Tensor<S>] {
    let (sources, outputs) = planned(operands.map(\.shape))
    let elements = operands.count == 1 ? operands[0].elements : operands.flatMap(\.elements)
    let filler = S.rounding(fill?.reals.first ?? 0)
    return zip(sources, outputs).map { sources, shape in
      Tensor(shape: shape, elements: sources.map { $0 < 0 ? filler : elements[$0] })
    }
  }

  /// The adjoint adds each cotangent to the element it was taken from, in the order of the outputs.
  package func vjp<S: KernelScalar>(
    _ cotangents: [Tensor<S>], at record: OperatorRecord<S>, by path: KernelPath
  ) -> [Tensor<S>?] {
    let (sources, _) = planned(record.operands.map(\.shape))
    var sums = [S](repeating: 0, count: record.operands.reduce(0) { $0 + $1.count })
    for (sources, cotangent) in zip(sources, cotangents) {
      let g = cotangent.elements
      for (i, source) in sources.enumerated() where source >= 0 { sums[source] += g[i] }
    }
    var start = 0
    return zip(record.operands, record.needsGradient).map { operand, isNeeded in
      defer { start += operand.count }
      return isNeeded
        ? Tensor(shape: operand.shape, elements: Array(sums[start..<start + operand.count])) : nil
    }
  }

  package func interval(_ operands: [IntervalTensor]) -> [IntervalTensor] {
    let lower = forward(operands.map(\.lower), by: .fastest)
    let upper = forward(operands.map(\.upper), by: .fastest)
    return zip(lower, upper).map { IntervalTensor(lower: $0, upper: $1) }
  }

  package func rowwise(_ operands: [OperandShape]) -> (any RealOperator)? {
    RowRearrangement(self, operands)
  }

  private func planned(_ shapes: [[Int]]) -> (sources: [[Int]], outputs: [[Int]]) {
    guard let outputs = try? outputShapes(for: shapes) else {
      preconditionFailure("shapes were checked when the network was planned")
    }
    return (sources(for: shapes, outputs: outputs), outputs)
  }
}

@specialized(where T == Tensor<Float>)
@specialized(where T == Tensor<Int32>)
@specialized(where T == Tensor<Int64>)
private func gathered<T: AnyTensor>(
  _: T, _ tensors: [any AnyTensor], _ sources: [[Int]], _ outputs: [[Int]],
  _ fill: (any NumericTensor)?, _ node: OperatorNode
) throws(Diagnostic) -> [RuntimeValue] {
  var elements: [T.Element] = []
  for tensor in tensors {
    guard let typed = tensor as? T else { throw node.wrongTypes(tensors) }
    elements = elements.isEmpty ? typed.elements : elements + typed.elements
  }
  let filler = fill.flatMap { filling($0, T.Element.self) } ?? T.Element.filler
  return zip(sources, outputs).map { sources, shape in
    .tensor(T(shape: shape, elements: sources.map { $0 < 0 ? filler : elements[$0] }))
  }
}

private func filling<T: NumericTensor, E: TensorElement>(_ value: T, _: E.Type) -> E? {
  guard let first = value.elements.first else { return nil }
  if let same = first as? E { return same }
  return (E.self as? any NumericElement.Type).flatMap { converted(first, $0) as? E }
}

private func converted<A: NumericElement, B: NumericElement>(_ value: A, _: B.Type) -> Any {
  Tensor(shape: [], elements: [value]).converted(to: B.self).elements[0]
}
