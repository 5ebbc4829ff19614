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
      var taps = taps(of: operation, shapes, outputs: results.map(\.shape), varying)
      let rows =
        keeps || results.count != 1
        ? nil
        : rows(of: operation, operands, outputs: results[0].count, varying)
          ?? (taps?.count == 1 && varying[0] ? taps?.first?.rows : nil)
      let map = map(of: operation, operands, rows, varying)
      if !keeps, map == nil, taps == nil {
        taps =
          rows.map { [LinearPropagation.Tap(output: 0, operand: 0, rows: $0)] }
          ?? probed(operation, operands, results, varying)
      }
      return .affine(
        LinearPropagation.Affine(
          operation: operation, offsets: results.map(\.elements),
          roundings: operation.roundings(for: shapes),
          foldedRoundings: foldedRoundings[step.results[0]] ?? 0, deviation: deviation(of: step),
          keepsElements: keeps, rows: rows,
          map: map, taps: taps))
    }
    if let operation = step.operation as? any PlanarOperator, step.results.count == 1 {
      return .planar(operation)
    }
    return .opaque
  }

  /// Elements of outputs and inputs up to which a map is found by asking for it row by row.
  private static let probedLimit = 1 << 16

  /// The rows of a small map that no other form is known of, each as the adjoint of one element of the output.
  private func probed(
    _ operation: any AffineOperator, _ operands: [Tensor<Double>], _ results: [Tensor<Double>],
    _ varying: [Bool]
  ) -> [LinearPropagation.Tap]? {
    let outputs = results.reduce(0) { $0 + $1.count }
    let inputs = zip(operands, varying).reduce(0) { $0 + ($1.1 ? $1.0.count : 0) }
    guard outputs > 0, inputs > 0, outputs <= Self.probedLimit / inputs else { return nil }
    var taps: [LinearPropagation.Tap] = []
    for (output, result) in results.enumerated() {
      var rows = operands.map { _ in SparseRows() }
      for element in 0..<result.count {
        var cotangents = results.map { Tensor<Double>(repeating: 0, shape: $0.shape) }
        cotangents[output].elements[element] = 1
        let record = OperatorRecord(operands: operands, outputs: results, needsGradient: varying)
        let gradients = operation.vjp(cotangents, at: record, by: .fastest)
        for (operand, gradient) in gradients.enumerated() where varying[operand] {
          for (source, factor) in (gradient?.elements ?? []).enumerated() where factor != 0 {
            guard factor.isFinite else { return nil }
            rows[operand].sources.append(source)
            rows[operand].factors.append(factor)
          }
          rows[operand].starts.append(rows[operand].sources.count)
        }
      }
      for operand in operands.indices where varying[operand] {
        taps.append(
          LinearPropagation.Tap(output: output, operand: operand, rows: rows[operand]))
      }
    }
    return taps
  }

  private func map(
    of operation: any AffineOperator, _ operands: [Tensor<Double>], _ rows: SparseRows?,
    _ varying: [Bool]
  ) -> (any LinearMap)? {
    if let rows, let matrix = DenseMatrix(rows, columns: operands[0].count) { return matrix }
    guard let convolution = operation as? Convolution, varying[0] else { return nil }
    return ConvolutionMap(convolution, input: operands[0].shape, weight: operands[1])
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
    if let diagonal = operation.diagonal(for: operands) { return SparseRows(diagonal: diagonal) }
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

  /// Rearrangements, and sums of two values of one shape.
  private func taps(
    of operation: any AffineOperator, _ shapes: [[Int]], outputs: [[Int]], _ varying: [Bool]
  ) -> [LinearPropagation.Tap]? {
    let counts = shapes.map { $0.reduce(1, *) }
    if let arithmetic = operation as? Arithmetic, varying == [true, true] {
      guard shapes[0] == shapes[1] else { return nil }
      let second: Double
      switch arithmetic.function {
      case .add: second = 1
      case .subtract: second = -1
      case .multiply, .divide: return nil
      }
      return [1, second].enumerated().map { operand, factor in
        LinearPropagation.Tap(
          output: 0, operand: operand,
          rows: SparseRows(diagonal: Array(repeating: factor, count: counts[0])))
      }
    }
    let sources: [[Int]]
    if let rows = operation as? RowRearrangement {
      sources = rows.sources
    } else if let moving = operation as? any RearrangingOperator {
      sources = moving.sources(for: shapes, outputs: outputs)
    } else {
      return nil
    }
    let elements = sources.reduce(0) { $0 + $1.count }
    guard elements <= SparseRows.limit / max(counts.count, 1) else { return nil }
    var taps: [LinearPropagation.Tap] = []
    for (output, sources) in sources.enumerated() {
      var start = 0
      for (operand, count) in counts.enumerated() {
        defer { start += count }
        guard varying[operand] else { continue }
        var rows = SparseRows()
        for source in sources {
          if source >= start, source < start + count {
            rows.sources.append(source - start)
            rows.factors.append(1)
          }
          rows.starts.append(rows.sources.count)
        }
        taps.append(LinearPropagation.Tap(output: output, operand: operand, rows: rows))
      }
    }
    return taps
  }
}
