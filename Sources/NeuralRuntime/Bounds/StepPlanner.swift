import TensorCore

/// Decides for each step how it takes part in linear bounds.
struct StepPlanner {
  /// Shapes of values for one sample, with the batch axis if there is one.
  let values: [[Int]]
  let constants: [Tensor<Double>]
  let deviations: [Double]
  /// By the value that a step makes.
  let foldedRoundings: [Int: Int]

  mutating func step(_ step: NetworkPlan.Step) -> LinearPropagation.Step? {
    guard let operation = step.operation as? any IntervalOperator else { return nil }
    return LinearPropagation.Step(
      operation: operation, operands: step.operands, results: step.results, kind: kind(of: step))
  }

  private func kind(of step: NetworkPlan.Step) -> LinearPropagation.Kind {
    let varying = step.operands.map { if case .value = $0 { true } else { false } }
    if let operation = step.operation as? any AffineOperator, operation.isAffine(in: varying) {
      let operands = step.operands.map { source in
        switch source {
        case .value(let index): Tensor<Double>(repeating: 0, shape: values[index])
        case .constant(let index): constants[index]
        }
      }
      let shapes = operands.map(\.shape)
      let results = operation.forward(operands, by: .fastest)
      let keeps =
        results.count == 1 && varying.count(where: \.self) == 1
        && operation.keepsElements(shapes, varying: varying)
      let rows =
        keeps || results.count != 1
        ? nil : rows(of: operation, operands, outputs: results[0].count, varying)
      return .affine(
        LinearPropagation.Affine(
          operation: operation, offsets: results.map(\.elements),
          roundings: operation.roundings(for: shapes),
          foldedRoundings: foldedRoundings[step.results[0]] ?? 0, deviation: deviation(of: step),
          keepsElements: keeps, rows: rows,
          matrix: rows.flatMap { DenseMatrix($0, columns: operands[0].count) }))
    }
    if let operation = step.operation as? any PlanarOperator, step.results.count == 1 {
      return .planar(operation)
    }
    return .opaque
  }

  private func deviation(of step: NetworkPlan.Step) -> Double {
    step.operands.reduce(0) { sum, source in
      if case .constant(let index) = source { sum + deviations[index] } else { sum }
    }
  }

  private func rows(
    of operation: any AffineOperator, _ operands: [Tensor<Double>], outputs: Int, _ varying: [Bool]
  ) -> SparseRows? {
    guard varying[0], varying.count(where: \.self) == 1 else { return nil }
    var rows = SparseRows()
    for output in 0..<outputs {
      guard let row = operation.row(of: output, operands: operands),
        rows.sources.count + row.count <= SparseRows.limit
      else { return nil }
      for (source, factor) in row {
        rows.sources.append(source)
        rows.factors.append(factor)
      }
      rows.starts.append(rows.sources.count)
    }
    return rows
  }
}
