import TensorCore

/// The backward pass over receptive fields: rows hold only the columns that they can reach.
extension LinearPropagation {
  /// As `lowerBounds(of:at:in:)`, field by field.
  func lowerBounds(
    of selection: RowSelection, at value: Int, by fields: ReceptiveFields, in state: RelaxedBatch
  ) -> (bounds: [Double], coefficients: [Double]) {
    let count = selection.boxes.count
    var bounds = [Double](repeating: -.infinity, count: count)
    var coefficients = [Double](repeating: 0, count: tracesInputs ? count * inputWidth : 0)
    var rowsOfField = [[Int]](repeating: [], count: fields.fields.count)
    for (row, element) in selection.elements.enumerated() {
      rowsOfField[fields.fieldOfElement[element]].append(row)
    }
    for (index, rows) in rowsOfField.enumerated() where !rows.isEmpty {
      let field = fields.fields[index]
      let limit = max(32, min(4_096, (1 << 17) / max(field.supports[0].count, 1)))
      for start in stride(from: 0, to: rows.count, by: limit) {
        let part = Array(rows[start..<min(start + limit, rows.count)])
        let lines = pulledBack(part, of: selection, at: value, by: fields, field, in: state)
        for (place, row) in part.enumerated() {
          bounds[row] = lines.bounds[place]
          guard tracesInputs else { continue }
          for input in 0..<inputWidth {
            coefficients[row * inputWidth + input] = lines.coefficients[place * inputWidth + input]
          }
        }
      }
    }
    return (bounds, coefficients)
  }

  /// The rows of one field; coefficients are given only where inputs are traced.
  private func pulledBack(
    _ chosen: [Int], of selection: RowSelection, at value: Int, by fields: ReceptiveFields,
    _ field: ReceptiveFields.Field, in state: RelaxedBatch
  ) -> InputRows {
    let boxes = chosen.map { selection.boxes[$0] }
    var sums = [Double](repeating: 0, count: chosen.count)
    let width = width(value)
    for step in fields.passes + [fields.first] {
      guard case .offsets(let lower, let upper)? = state.links[step] else { continue }
      for (place, row) in chosen.enumerated() {
        let source = selection.boxes[row] * width + selection.elements[row]
        sums[place] += selection.signs[row] > 0 ? lower[0][source] : -upper[0][source]
      }
    }
    guard case .affine(let affine) = steps[fields.first].kind, let map = affine.rows else {
      preconditionFailure("a field starts from the rows of an affine step")
    }
    var columns = map.rows(
      chosen.map { selection.elements[$0] }, signs: chosen.map { selection.signs[$0] },
      width: field.supports[0].count)
    // The tables of the boxes that take part, each once.
    var own: [Int] = []
    let boxOfRow = boxes.map { box in
      if own.last != box { own.append(box) }
      return own.count - 1
    }
    var level = 0
    for stage in fields.stages {
      let support = field.supports[level]
      switch stage {
      case .pass(let step):
        addOffsets(of: columns, through: step, at: support, boxOfRow, own, &sums, state)
      case .map(let step):
        addOffsets(of: columns, through: step, at: support, boxOfRow, own, &sums, state)
        columns = product(columns, rows: chosen.count, field, level)
        level += 1
      case .planes(let step):
        if case .planes(let planes)? = state.links[step] {
          guard planes.sources == nil, planes.arity == 1 else {
            return finished(
              columns, at: field.supports[level], of: steps[step].results[0], boxes, sums, state)
          }
          let part = planes.gathered(boxes: own, elements: support)
          RowRelaxation.relax(&columns, boxOfRow: boxOfRow, by: part, adding: &sums)
        } else {
          addOffsets(of: columns, through: step, at: support, boxOfRow, own, &sums, state)
          return finished([], at: [], of: input, boxes, sums, state)
        }
      }
    }
    return finished(columns, at: field.supports[level], of: fields.end, boxes, sums, state)
  }

  private func addOffsets(
    of columns: [Double], through step: Int, at support: [Int], _ boxOfRow: [Int], _ own: [Int],
    _ sums: inout [Double], _ state: RelaxedBatch
  ) {
    guard case .offsets(let lower, let upper)? = state.links[step] else { return }
    let width = width(steps[step].results[0])
    RowRelaxation.addOffsets(
      of: columns, width: support.count, boxOfRow: boxOfRow,
      lower: Self.gathered(lower[0], width, own, support),
      upper: Self.gathered(upper[0], width, own, support), to: &sums)
  }

  private static func gathered(
    _ table: [Double], _ width: Int, _ boxes: [Int], _ places: [Int]
  ) -> [Double] {
    unsafe [Double](unsafeUninitializedCapacity: boxes.count * places.count) { result, count in
      let table = table.span
      for box in boxes {
        let start = box * width
        for index in places.indices {
          unsafe result[count] = table[start + places[index]]
          count += 1
        }
      }
    }
  }

  private func product(
    _ columns: [Double], rows: Int, _ field: ReceptiveFields.Field, _ level: Int
  ) -> [Double] {
    let matrix = field.matrices[level]
    return unsafe [Double](unsafeUninitializedCapacity: rows * matrix.columns) { result, count in
      unsafe columns.withUnsafeBufferPointer { columns in
        unsafe ReceptiveFields.kernels.product(
          rows: rows, of: columns, MatrixLayout(rowStride: matrix.rows), and: matrix, to: result,
          rowStride: matrix.columns, from: .zero)
      }
      count = rows * matrix.columns
    }
  }

  /// The rest of the way with a column for every element of `value`.
  private func finished(
    _ columns: [Double], at support: [Int], of value: Int, _ boxes: [Int], _ sums: [Double],
    _ state: RelaxedBatch
  ) -> InputRows {
    if value == input, !tracesInputs, let range = state.ranges[input] {
      let (low, high) = (range.lower.elements, range.upper.elements)
      var own: [Int] = []
      let boxOfRow = boxes.map { box in
        if own.last != box { own.append(box) }
        return own.count - 1
      }
      return concretised(
        columns, width: support.count, boxOfRow: boxOfRow,
        lower: Self.gathered(low, inputWidth, own, support),
        upper: Self.gathered(high, inputWidth, own, support), sums, boxes: boxes)
    }
    let width = width(value)
    var all = [Double](repeating: 0, count: boxes.count * width)
    for row in boxes.indices {
      for (place, element) in support.enumerated() {
        all[row * width + element] += columns[row * support.count + place]
      }
    }
    var rows = Rows(
      boxes: boxes, coefficients: Array(repeating: nil, count: shapes.count), sums: sums)
    rows.coefficients[value] = all
    return concretised(rows, through: producers[value], state)
  }
}
