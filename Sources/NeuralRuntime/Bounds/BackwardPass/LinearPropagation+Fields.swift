import TensorCore

/// The backward pass over receptive fields: rows hold only the columns that they can reach.
///
/// The rows of many fields go together. A field of a box is to the kernels what a box is elsewhere: it has tables of
/// its own.
extension LinearPropagation {
  /// Rows of several fields, ordered by field.
  private struct FieldRows {
    let fields: ReceptiveFields
    /// The rows of the selection.
    let chosen: [Int]
    let boxes: [Int]
    /// For each row its place in `own`.
    private(set) var tableOfRow: [Int] = []
    private(set) var own: [(field: Int, box: Int)] = []
    /// The rows of each field that takes part.
    private(set) var runs: [(field: Int, rows: Range<Int>)] = []
    /// `[rows, levels[level].width]`.
    var columns: [Double] = []
    var sums: [Double]
    var level = 0

    init(_ chosen: [Int], of selection: RowSelection, by fields: ReceptiveFields) {
      (self.fields, self.chosen) = (fields, chosen)
      boxes = chosen.map { selection.boxes[$0] }
      sums = Array(repeating: 0, count: chosen.count)
      tableOfRow.reserveCapacity(chosen.count)
      for (place, row) in chosen.enumerated() {
        let field = fields.fieldOfElement[selection.elements[row]]
        if own.last.map({ $0.field != field || $0.box != boxes[place] }) ?? true {
          own.append((field, boxes[place]))
        }
        tableOfRow.append(own.count - 1)
        if runs.last?.field == field {
          runs[runs.count - 1].rows = runs[runs.count - 1].rows.lowerBound..<place + 1
        } else {
          runs.append((field, place..<place + 1))
        }
      }
    }

    var width: Int { fields.levels[level].width }

    /// The numbers that two tables over all elements have for the fields' places; 0 where a field has no more.
    func gathered(
      _ first: [Double], _ second: [Double], _ elements: Int
    ) -> (first: [Double], second: [Double]) {
      let level = fields.levels[level]
      let places = level.places.span
      let (left, right) = (first.span, second.span)
      var ownFirst = [Double](repeating: 0, count: own.count * level.width)
      var ownSecond = ownFirst
      var ownLeft = ownFirst.mutableSpan
      var ownRight = ownSecond.mutableSpan
      var index = 0
      for item in own {
        let start = item.box * elements
        let reached = places.extracting(item.field * level.width..<(item.field + 1) * level.width)
        precondition(
          start >= 0 && start + elements <= min(left.count, right.count)
            && index + reached.count <= ownLeft.count, "tables over the elements of every box")
        for column in reached.indices {
          let place = reached[column]
          guard place >= 0, place < elements else { continue }
          unsafe ownLeft[unchecked: index &+ column] = left[unchecked: start &+ place]
          unsafe ownRight[unchecked: index &+ column] = right[unchecked: start &+ place]
        }
        index += reached.count
      }
      return (ownFirst, ownSecond)
    }

    mutating func addOffsets(_ lower: [Double], _ upper: [Double], _ elements: Int) {
      let own = gathered(lower, upper, elements)
      RowRelaxation.addOffsets(
        of: columns, width: width, boxOfRow: tableOfRow, lower: own.first, upper: own.second,
        to: &sums)
    }

    mutating func relax(by planes: RelaxationPlanes) {
      let slopes = gathered(planes.lowerSlopes, planes.upperSlopes, planes.width)
      let offsets = gathered(planes.lowerOffsets, planes.upperOffsets, planes.width)
      let part = RelaxationPlanes(
        boxes: own.count, width: width, lowerSlopes: slopes.first, upperSlopes: slopes.second,
        lowerOffsets: offsets.first, upperOffsets: offsets.second)
      RowRelaxation.relax(&columns, boxOfRow: tableOfRow, by: part, adding: &sums)
    }

    mutating func multiply() {
      let (depth, width) = (fields.levels[level].width, fields.levels[level + 1].width)
      let matrices = fields.matrices[level]
      let count = chosen.count * width
      columns = unsafe [Double](unsafeUninitializedCapacity: count) { result, initialized in
        unsafe columns.withUnsafeBufferPointer { columns in
          for run in runs {
            let rows = run.rows
            unsafe ReceptiveFields.kernels.product(
              rows: rows.count, of: columns,
              MatrixLayout(offset: rows.lowerBound * depth, rowStride: depth),
              and: matrices[run.field], to: result, offset: rows.lowerBound * width,
              rowStride: width, from: .zero)
          }
        }
        initialized = count
      }
      level += 1
    }

    /// A column for every element.
    func spread(over elements: Int) -> [Double] {
      let level = fields.levels[level]
      var all = [Double](repeating: 0, count: chosen.count * elements)
      for (row, table) in tableOfRow.enumerated() {
        let first = own[table].field * level.width
        for column in 0..<level.width where level.places[first + column] >= 0 {
          all[row * elements + level.places[first + column]] += columns[row * level.width + column]
        }
      }
      return all
    }
  }

  /// As `lowerBounds(of:at:in:)`.
  func lowerBounds(
    of selection: RowSelection, at value: Int, by fields: ReceptiveFields, in state: RelaxedBatch
  ) -> (bounds: [Double], coefficients: [Double]) {
    let count = selection.boxes.count
    var bounds = [Double](repeating: -.infinity, count: count)
    var coefficients = [Double](repeating: 0, count: tracesInputs ? count * inputWidth : 0)
    let order = rowsByField(selection, fields)
    // A quarter of a usual second-level cache, because every stage passes over all of them.
    let limit = max(32, min(4_096, (1 << 15) / max(fields.levels[0].width, 1)))
    for start in stride(from: 0, to: count, by: limit) {
      let rows = FieldRows(
        Array(order[start..<min(start + limit, count)]), of: selection, by: fields)
      let lines = pulledBack(rows, of: selection, at: value, in: state)
      for (place, row) in rows.chosen.enumerated() {
        bounds[row] = lines.bounds[place]
        guard tracesInputs else { continue }
        for input in 0..<inputWidth {
          coefficients[row * inputWidth + input] = lines.coefficients[place * inputWidth + input]
        }
      }
    }
    return (bounds, coefficients)
  }

  /// The rows of a selection ordered by their field, those of one field in the order they had.
  private func rowsByField(_ selection: RowSelection, _ fields: ReceptiveFields) -> [Int] {
    let fieldOfRow = selection.elements.map { fields.fieldOfElement[$0] }
    var ends = [Int](repeating: 0, count: fields.fieldCount + 1)
    for field in fieldOfRow { ends[field + 1] += 1 }
    for field in 0..<fields.fieldCount { ends[field + 1] += ends[field] }
    var order = Array(fieldOfRow.indices)
    for (row, field) in fieldOfRow.enumerated() {
      order[ends[field]] = row
      ends[field] += 1
    }
    return order
  }

  /// The rows' coefficients are given only where inputs are traced.
  private func pulledBack(
    _ start: FieldRows, of selection: RowSelection, at value: Int, in state: RelaxedBatch
  ) -> InputRows {
    var rows = start
    let fields = rows.fields
    let width = width(value)
    for step in fields.passes + [fields.first] {
      guard case .offsets(let lower, let upper)? = state.links[step] else { continue }
      for (place, row) in rows.chosen.enumerated() {
        let source = selection.boxes[row] * width + selection.elements[row]
        rows.sums[place] += selection.signs[row] > 0 ? lower[0][source] : -upper[0][source]
      }
    }
    guard case .affine(let affine) = steps[fields.first].kind, let map = affine.rows else {
      preconditionFailure("a field starts from the rows of an affine step")
    }
    rows.columns = map.rows(
      rows.chosen.map { selection.elements[$0] }, signs: rows.chosen.map { selection.signs[$0] },
      width: rows.width)
    for stage in fields.stages {
      switch stage {
      case .pass(let step):
        addOffsets(to: &rows, through: step, state)
      case .map(let step):
        addOffsets(to: &rows, through: step, state)
        rows.multiply()
      case .planes(let step):
        if case .planes(let planes)? = state.links[step] {
          guard planes.sources == nil, planes.arity == 1 else {
            return finished(rows, at: steps[step].results[0], state)
          }
          rows.relax(by: planes)
        } else {
          // Ranges end the way: nothing of the input is left.
          addOffsets(to: &rows, through: step, state)
          return concretised(
            Rows(
              boxes: rows.boxes, coefficients: Array(repeating: nil, count: shapes.count),
              sums: rows.sums), through: nil, state)
        }
      }
    }
    return finished(rows, at: fields.end, state)
  }

  private func addOffsets(to rows: inout FieldRows, through step: Int, _ state: RelaxedBatch) {
    guard case .offsets(let lower, let upper)? = state.links[step] else { return }
    rows.addOffsets(lower[0], upper[0], width(steps[step].results[0]))
  }

  /// The rest of the way, with a column for every element where it is not the end.
  private func finished(_ rows: FieldRows, at value: Int, _ state: RelaxedBatch) -> InputRows {
    if value == input, !tracesInputs, let range = state.ranges[input] {
      let own = rows.gathered(range.lower.elements, range.upper.elements, inputWidth)
      return concretised(
        rows.columns, width: rows.width, boxOfRow: rows.tableOfRow, lower: own.first,
        upper: own.second, rows.sums, boxes: rows.boxes)
    }
    var whole = Rows(
      boxes: rows.boxes, coefficients: Array(repeating: nil, count: shapes.count), sums: rows.sums)
    whole.coefficients[value] = rows.spread(over: width(value))
    return concretised(whole, through: producers[value], state)
  }
}
