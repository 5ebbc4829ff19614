import TensorCore

/// The backward pass: lower bounds of linear functions of a value, pulled back to linear functions of the input.
extension LinearPropagation {
  /// Rows that say: coefficients · value + constant is a lower bound.
  struct Rows {
    var boxes: [Int]
    /// By value, `[rows, width]`, where a value takes part.
    var coefficients: [[Double]?]
    var sums: [Double]
    /// Memory of coefficients that are done with.
    var spare: [Double] = []
    /// Whether to keep the coefficients at the values that planes read.
    var keepsCoefficients = false
    /// By value, `[rows, width]`: the coefficients of the outputs of planes over it.
    var kept: [[Double]?] = []
  }

  /// Lower bounds that are linear in the input over each row's box.
  package struct InputRows: Sendable {
    package var boxes: [Int]
    /// `[rows, inputs]`.
    package var coefficients: [Double]
    package var sums: [Double]
    /// The least value of each row over its box; −∞ where nothing is known.
    package var bounds: [Double]
    /// The coefficients at each anchor's planes, `[rows, width]`, where they were asked for.
    var kept: [[Double]?] = []
  }

  /// How many rows go back together: enough to share the weights, few enough to stay in the cache.
  private var rowLimit: Int {
    let widest = shapes.indices.reduce(1) { max($0, width($1)) }
    return max(32, min(4_096, (1 << 17) / widest))
  }

  /// The least values of ±elements of a value.
  func lowerBounds(
    of selection: RowSelection, at value: Int, in state: RelaxedBatch
  ) -> (bounds: [Double], coefficients: [Double]) {
    if let fields = fields[value] {
      return lowerBounds(of: selection, at: value, by: fields, in: state)
    }
    var bounds: [Double] = []
    var coefficients: [Double] = []
    bounds.reserveCapacity(selection.boxes.count)
    let limit = rowLimit
    for start in stride(from: 0, to: selection.boxes.count, by: limit) {
      let part = selection[start..<min(start + limit, selection.boxes.count)]
      let rows = pulledBack(part, at: value, in: state)
      bounds.append(contentsOf: rows.bounds)
      if tracesInputs { coefficients.append(contentsOf: rows.coefficients) }
    }
    return (bounds, coefficients)
  }

  /// Whether there are few enough inputs to say what each adds to every range.
  var tracesInputs: Bool { inputWidth <= 16 }

  /// Lower bounds of linear functions of the output, plus linear functions of the input, over the boxes.
  ///
  /// - Parameters:
  ///   - outputs: `[boxes.count, outputs]`.
  ///   - inputs: `[boxes.count, inputs]`, or empty for none.
  ///   - constants: One a row.
  package func lowerBounds(
    outputs coefficients: [Double], inputs: [Double] = [], constants: [Double], boxes: [Int],
    in state: RelaxedBatch
  ) -> InputRows {
    var result = InputRows(boxes: boxes, coefficients: [], sums: [], bounds: [])
    let limit = rowLimit
    for start in stride(from: 0, to: boxes.count, by: limit) {
      let range = start..<min(start + limit, boxes.count)
      var rows = Rows(
        boxes: Array(boxes[range]), coefficients: Array(repeating: nil, count: shapes.count),
        sums: Array(constants[range]))
      let given = Array(
        coefficients[range.lowerBound * outputWidth..<range.upperBound * outputWidth])
      chargeCopying(given, of: output, &rows, state)
      for i in rows.sums.indices { rows.sums[i] -= share * abs(rows.sums[i]) }
      rows.coefficients[output] = given
      rows.keepsCoefficients = true
      rows.kept = Array(repeating: nil, count: shapes.count)
      if !inputs.isEmpty {
        let own = Array(inputs[range.lowerBound * inputWidth..<range.upperBound * inputWidth])
        chargeCopying(own, of: input, &rows, state)
        add(own, to: input, &rows)
      }
      let part = concretised(rows, through: producers[output], state)
      result.coefficients.append(contentsOf: part.coefficients)
      result.sums.append(contentsOf: part.sums)
      result.bounds.append(contentsOf: part.bounds)
      if result.kept.isEmpty {
        result.kept = part.kept
      } else {
        for value in part.kept.indices {
          if let kept = part.kept[value] { result.kept[value]?.append(contentsOf: kept) }
        }
      }
    }
    return result
  }

  /// The allowance for rounding on coefficients that somebody gave.
  private func chargeCopying(
    _ coefficients: [Double], of value: Int, _ rows: inout Rows, _ state: RelaxedBatch
  ) {
    guard let range = state.ranges[value] else { return }
    let reach = range.magnitudes.elements.map { -share * $0 }
    RowRelaxation.addOffsets(
      of: coefficients, width: width(value), boxOfRow: rows.boxes, lower: reach,
      upper: reach.map { -$0 }, to: &rows.sums)
  }

  /// Starts from rows of ±1: they pass steps that keep elements as they are, and the first matrix hands out
  /// its rows instead of being multiplied.
  private func pulledBack(
    _ selection: RowSelection, at value: Int, in state: RelaxedBatch
  ) -> InputRows {
    var rows = Rows(
      boxes: selection.boxes, coefficients: Array(repeating: nil, count: shapes.count),
      sums: Array(repeating: 0, count: selection.boxes.count))
    var value = value
    var next = producers[value]
    while let index = next, case .affine(let affine) = steps[index].kind,
      affine.keepsElements || affine.rows != nil,
      case .offsets(let lower, let upper)? = state.links[index],
      let operand = steps[index].operands.compactMap({ source in
        if case .value(let value) = source { value } else { nil }
      }).first
    {
      let width = width(value)
      for row in rows.sums.indices {
        let place = selection.boxes[row] * width + selection.elements[row]
        rows.sums[row] += selection.signs[row] > 0 ? lower[0][place] : -upper[0][place]
      }
      value = operand
      next = producers[value]
      guard let matrix = affine.rows else { continue }
      let columns = self.width(value)
      if let dense = affine.map as? DenseMatrix {
        rows.coefficients[value] = dense.rows(selection.elements, signs: selection.signs)
        return concretised(consume rows, through: next, state)
      }
      var coefficients = [Double](repeating: 0, count: rows.boxes.count * columns)
      for row in rows.sums.indices {
        let (element, sign) = (selection.elements[row], selection.signs[row])
        for entry in matrix.starts[element]..<matrix.starts[element + 1] {
          coefficients[row * columns + matrix.sources[entry]] += sign * matrix.factors[entry]
        }
      }
      rows.coefficients[value] = coefficients
      return concretised(consume rows, through: next, state)
    }
    let columns = width(value)
    var coefficients = [Double](repeating: 0, count: rows.boxes.count * columns)
    for row in rows.sums.indices {
      coefficients[row * columns + selection.elements[row]] = selection.signs[row]
    }
    rows.coefficients[value] = coefficients
    return concretised(consume rows, through: next, state)
  }

  /// Pulls the rows back through the steps up to `last` and takes their least values over the boxes.
  ///
  /// The rows are used up: their coefficients change in place.
  func concretised(
    _ start: consuming Rows, through last: Int?, _ state: RelaxedBatch
  ) -> InputRows {
    var rows = start
    if let last {
      for index in stride(from: last, through: 0, by: -1) { pullBack(&rows, through: index, state) }
    }
    guard let range = state.ranges[input] else { preconditionFailure("the input has a range") }
    var lines = concretised(
      rows.coefficients[input] ?? Array(repeating: 0, count: rows.boxes.count * inputWidth),
      width: inputWidth, boxOfRow: rows.boxes, lower: range.lower.elements,
      upper: range.upper.elements, rows.sums, boxes: rows.boxes)
    lines.kept = rows.kept
    return lines
  }

  /// The least values of coefficients · x + sums over each row's box.
  ///
  /// - Parameters:
  ///   - coefficients: `[rows, width]`.
  ///   - lower: The boxes, `[boxes, width]`, as `upper`.
  func concretised(
    _ coefficients: [Double], width: Int, boxOfRow: [Int], lower: [Double], upper: [Double],
    _ sums: [Double], boxes: [Int]
  ) -> InputRows {
    var bounds = sums
    RowRelaxation.addOffsets(
      of: coefficients, width: width, boxOfRow: boxOfRow, lower: lower, upper: upper, to: &bounds)
    var slack = [Double](repeating: 0, count: sums.count)
    var (reach, negated) = (lower, upper)
    for i in reach.indices {
      reach[i] = max(abs(lower[i]), abs(upper[i]))
      negated[i] = -reach[i]
    }
    RowRelaxation.addOffsets(
      of: coefficients, width: width, boxOfRow: boxOfRow, lower: reach, upper: negated, to: &slack)
    for row in bounds.indices {
      // The second term is for products below the least normal number.
      let bound =
        (bounds[row] - share * (slack[row] + abs(sums[row])) - 0x1p-400 * (1 + slack[row]))
        .nextDown
      // Whatever overflowed on the way says nothing.
      bounds[row] = bound.isFinite ? bound : -.infinity
    }
    return InputRows(boxes: boxes, coefficients: coefficients, sums: sums, bounds: bounds)
  }

  func pullBack(_ rows: inout Rows, through index: Int, _ state: RelaxedBatch) {
    // Asked by place: a copy of each step would be counted in and out.
    guard steps[index].results.contains(where: { rows.coefficients[$0] != nil }),
      let link = state.links[index]
    else { return }
    let step = steps[index]
    switch (step.kind, link) {
    case (.affine(let affine), .offsets(let lower, let upper)):
      addOffsets(&rows, of: step, lower, upper)
      pullBack(&rows, through: step, affine)
    case (_, .offsets(let lower, let upper)):
      addOffsets(&rows, of: step, lower, upper)
    case (_, .planes(let planes)):
      relax(&rows, through: step, planes, state)
    }
    for value in step.results { rows.coefficients[value] = nil }
  }

  private func addOffsets(
    _ rows: inout Rows, of step: Step, _ lower: [[Double]], _ upper: [[Double]]
  ) {
    for (output, value) in step.results.enumerated() {
      guard let coefficients = rows.coefficients[value] else { continue }
      RowRelaxation.addOffsets(
        of: coefficients, width: width(value), boxOfRow: rows.boxes, lower: lower[output],
        upper: upper[output], to: &rows.sums)
    }
  }

  /// Takes multiples of what is known to be of one sign from the rows: y ≥ y − m · z where m · z ≥ 0.
  private func multiply(
    _ coefficients: inout [Double], of value: Int, _ rows: inout Rows, _ state: RelaxedBatch
  ) {
    guard value < state.multipliers.count, let multipliers = state.multipliers[value],
      let range = state.ranges[value]
    else { return }
    let width = width(value)
    let reach = range.magnitudes.elements
    for (row, box) in rows.boxes.enumerated() {
      for element in 0..<width {
        let place = box * width + element
        guard multipliers[place] != 0 else { continue }
        coefficients[row * width + element] -= multipliers[place]
        rows.sums[row] -= share * abs(multipliers[place]) * reach[place]
      }
    }
  }

  private func relax(
    _ rows: inout Rows, through step: Step, _ planes: RelaxationPlanes, _ state: RelaxedBatch
  ) {
    guard var coefficients = rows.coefficients[step.results[0]] else { return }
    rows.coefficients[step.results[0]] = nil
    if planes.sources == nil, planes.arity == 1 {
      if rows.keepsCoefficients, case .value(let value)? = step.operands.first {
        rows.kept[value] = coefficients
      }
      RowRelaxation.relax(&coefficients, boxOfRow: rows.boxes, by: planes, adding: &rows.sums)
      for case .value(let value) in step.operands {
        multiply(&coefficients, of: value, &rows, state)
        add(coefficients, to: value, &rows)
      }
      return
    }
    RowRelaxation.addOffsets(
      of: coefficients, width: planes.width, boxOfRow: rows.boxes, lower: planes.lowerOffsets,
      upper: planes.upperOffsets, to: &rows.sums)
    let widths = step.operands.map { source in
      switch source {
      case .value(let index): width(index)
      case .constant(let index): constantValues[index].count
      }
    }
    let total = widths.reduce(0, +)
    let scattered = planes.scattered(coefficients, boxOfRow: rows.boxes, inputs: total)
    var start = 0
    for (source, width) in zip(step.operands, widths) {
      defer { start += width }
      guard case .value(let value) = source else {
        if case .constant(let index) = source {
          addConstant(constants[index], scattered, from: start, stride: total, to: &rows.sums)
        }
        continue
      }
      var part: [Double] = []
      part.reserveCapacity(rows.boxes.count * width)
      for row in rows.boxes.indices {
        part.append(contentsOf: scattered[row * total + start..<row * total + start + width])
      }
      add(part, to: value, &rows)
    }
  }

  /// What planes make of an operand that is a constant.
  private func addConstant(
    _ constant: IntervalTensor, _ coefficients: [Double], from start: Int, stride: Int,
    to sums: inout [Double]
  ) {
    let (low, high) = (constant.lower.elements, constant.upper.elements)
    for row in sums.indices {
      var (sum, magnitude) = (0.0, 0.0)
      for i in low.indices {
        let a = coefficients[row * stride + start + i]
        guard a != 0 else { continue }
        let term = a * (a < 0 ? high[i] : low[i])
        sum += term
        magnitude += abs(term)
      }
      sums[row] += sum - share * magnitude
    }
  }

  func add(_ coefficients: [Double], to value: Int, _ rows: inout Rows) {
    guard var sum = rows.coefficients[value] else {
      rows.coefficients[value] = coefficients
      return
    }
    rows.coefficients[value] = nil
    precondition(sum.count == coefficients.count, "rows of one width")
    let added = coefficients.span
    var span = sum.mutableSpan
    for i in span.indices { span[i] += added[i] }
    rows.coefficients[value] = sum
  }
}
