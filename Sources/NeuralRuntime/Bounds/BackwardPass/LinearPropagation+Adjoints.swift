import TensorCore

/// The backward pass through affine steps, by the quickest form that is known of each.
extension LinearPropagation {
  /// The adjoint of an affine step.
  func pullBack(_ rows: inout Rows, through step: Step, _ affine: Affine) {
    let count = rows.boxes.count
    let needs = step.operands.map { if case .value = $0 { true } else { false } }
    if affine.keepsElements, let operand = needs.firstIndex(of: true),
      case .value(let value) = step.operands[operand]
    {
      if let coefficients = rows.coefficients[step.results[0]] {
        rows.coefficients[step.results[0]] = nil
        add(coefficients, to: value, &rows)
      }
      return
    }
    if let map = affine.map, case .value(let value) = step.operands[0] {
      guard let coefficients = rows.coefficients[step.results[0]] else { return }
      rows.coefficients[step.results[0]] = nil
      var result: [Double] = []
      swap(&result, &rows.spare)
      map.pullBack(coefficients, count: count, into: &result)
      add(result, to: value, &rows)
      rows.spare = coefficients
      return
    }
    if let taps = affine.taps {
      pullBack(&rows, through: step, by: taps)
      return
    }
    let cotangents = step.results.map { value in
      rows.coefficients[value] ?? Array(repeating: 0, count: count * width(value))
    }
    for value in step.results { rows.coefficients[value] = nil }
    // Where rows cannot go together they go one by one.
    let (groups, size) = isBatched ? (1, count) : (count, 1)
    var gradients = step.operands.map { _ in [Double]() }
    for group in 0..<groups {
      let parts = zip(step.results, cotangents).map { value, elements in
        let width = width(value) * size
        return Tensor(
          shape: batchShape(value, size),
          elements: groups == 1 ? elements : Array(elements[group * width..<(group + 1) * width]))
      }
      let operands = step.operands.map { source in
        switch source {
        case .constant(let index): constantValues[index]
        case .value(let index):
          Tensor<Double>(repeating: 0, shape: batchShape(index, size))
        }
      }
      let record = OperatorRecord(operands: operands, outputs: parts, needsGradient: needs)
      for (index, gradient) in affine.operation.vjp(parts, at: record, by: .fastest).enumerated() {
        guard let gradient, needs[index] else { continue }
        if groups == 1 {
          gradients[index] = gradient.elements
        } else {
          gradients[index].append(contentsOf: gradient.elements)
        }
      }
    }
    for (source, gradient) in zip(step.operands, gradients) {
      if case .value(let value) = source { add(gradient, to: value, &rows) }
    }
  }

  /// The adjoint of a map that is known row by row.
  private func pullBack(_ rows: inout Rows, through step: Step, by taps: [Tap]) {
    let count = rows.boxes.count
    let given = step.results.map { rows.coefficients[$0] }
    for value in step.results { rows.coefficients[value] = nil }
    for tap in taps {
      guard let coefficients = given[tap.output],
        case .value(let value) = step.operands[tap.operand]
      else { continue }
      let (from, to) = (width(step.results[tap.output]), width(value))
      var sum = rows.coefficients[value] ?? Array(repeating: 0, count: count * to)
      // Given up here, or the sum would be copied when it is written to.
      rows.coefficients[value] = nil
      tap.rows.addProducts(of: coefficients, width: from, to: &sum, width: to, count: count)
      rows.coefficients[value] = sum
    }
  }
}
