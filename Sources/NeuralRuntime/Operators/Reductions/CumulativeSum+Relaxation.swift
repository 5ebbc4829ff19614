package import TensorCore

/// Running sums are affine.
extension CumulativeSum: AffineOperator {
  package func isAffine(in varying: [Bool]) -> Bool { true }

  package func roundings(for operands: [[Int]]) -> Int { operands[0].max() ?? 1 }

  package func magnitudes(_ operands: [IntervalTensor]) -> [Tensor<Double>] {
    forward(operands.map(\.magnitudes), by: .fastest)
  }
}
