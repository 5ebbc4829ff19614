package import TensorCore

/// ReduceSum and ReduceMean are affine; the other reductions are bounded by ranges.
extension Reduction: AffineOperator {
  package func isAffine(in varying: [Bool]) -> Bool {
    node.operation == "ReduceSum" || node.operation == "ReduceMean"
  }

  package func roundings(for operands: [[Int]]) -> Int {
    let outputs = (try? outputShapes(for: operands))?.first?.reduce(1, *) ?? 1
    return operands[0].reduce(1, *) / max(outputs, 1) + 1
  }

  package func magnitudes(_ operands: [IntervalTensor]) -> [Tensor<Double>] {
    forward(operands.map(\.magnitudes), by: .fastest)
  }
}
