import TensorCore

/// What rows of bounds on a value's elements can reach on their way back where each element reads a part of the
/// network only: convolutions and pooling. Such rows are kept without the columns that are certainly zero.
///
/// The fields follow from the network alone, so each is found once; elements that read the same places share one.
struct ReceptiveFields: Sendable {
  /// What a step on the way does to the columns.
  enum Stage: Sendable {
    /// Keeps them and adds a constant.
    case pass(step: Int)
    /// Multiplies each by a slope.
    case planes(step: Int)
    /// Multiplies them by a matrix of each field.
    case map(step: Int)
  }

  /// The places of one value that the fields read, all fields with as many columns as the widest.
  struct Level: Sendable {
    let width: Int
    /// `[fields, width]`; −1 where a field has no more places.
    let places: [Int]

    /// - Parameter isMapped: Whether columns come from a product; they then fill whole vectors.
    init(_ supports: [[Int]], isMapped: Bool) {
      let widest = supports.reduce(0) { max($0, $1.count) }
      let width = isMapped && widest > 8 ? (widest + 7) / 8 * 8 : widest
      places = supports.flatMap { $0 + Array(repeating: -1, count: width - $0.count) }
      self.width = width
    }
  }

  /// Steps that keep the elements as they are, and the step whose rows the bounds start from.
  let passes: [Int]
  let first: Int
  let stages: [Stage]
  /// The value where the columns are as many as it has elements again, or the input.
  let end: Int
  let fieldOfElement: [Int]
  let fieldCount: Int
  /// Of the value that the first step reads, then of the operand of each `map`.
  let levels: [Level]
  /// For each `map` and field its matrix, from the columns of one level to those of the next.
  let matrices: [[PackedMatrix<Double>]]

  static let kernels = Kernels<Double>(.fastest)
  /// Places and matrix elements that the fields of one network may hold.
  static let limit = 1 << 23
  /// Entries that are followed through one map.
  private static let workLimit = 1 << 26

  /// - Parameter room: What is left of `limit`.
  /// nil where elements read most of what there is, or where there is no room.
  init?(
    of value: Int, steps: [LinearPropagation.Step], producers: [Int?], input: Int,
    room: inout Int, width: (Int) -> Int
  ) {
    func affine(_ value: Int) -> (step: Int, affine: LinearPropagation.Affine, operand: Int)? {
      guard let step = producers[value], case .affine(let affine) = steps[step].kind else {
        return nil
      }
      let operands = steps[step].operands.compactMap { source in
        if case .value(let value) = source { value } else { nil }
      }
      return operands.count == 1 ? (step, affine, operands[0]) : nil
    }
    var (value, passes) = (value, [Int]())
    while let step = affine(value), step.affine.keepsElements {
      passes.append(step.step)
      value = step.operand
    }
    guard let start = affine(value), let rows = start.affine.rows,
      let (fieldOfElement, own) = Self.shared(
        rows, half: width(start.operand) / 2, room: &room)
    else { return nil }
    var supports = [own]
    var maps: [SparseRows] = []
    var stages: [Stage] = []
    value = start.operand
    while value != input, let index = producers[value] {
      if case .planar = steps[index].kind, steps[index].operands.count == 1,
        case .value(let operand) = steps[index].operands[0]
      {
        stages.append(.planes(step: index))
        value = operand
      } else if let step = affine(value), step.affine.keepsElements {
        stages.append(.pass(step: index))
        value = step.operand
      } else if let step = affine(value), let rows = step.affine.rows,
        let next = Self.reached(
          from: supports[maps.count], by: rows, width: width(step.operand), room: &room)
      {
        supports.append(next)
        maps.append(rows)
        stages.append(.map(step: index))
        value = step.operand
      } else {
        break
      }
    }
    (self.passes, first, self.stages, end) = (passes, start.step, stages, value)
    (self.fieldOfElement, fieldCount) = (fieldOfElement, own.count)
    levels = supports.enumerated().map { Level($1, isMapped: $0 > 0) }
    matrices = maps.indices.map { [levels] map in
      supports[map].indices.map { field in
        Self.matrix(
          maps[map], from: supports[map][field], to: supports[map + 1][field], levels[map].width,
          levels[map + 1].width)
      }
    }
  }

  /// The field of each row, and the places of each field; nil where a row has more than `half` entries.
  private static func shared(
    _ rows: SparseRows, half: Int, room: inout Int
  ) -> (of: [Int], supports: [[Int]])? {
    var widest = 0
    var known: [[Int]: Int] = [:]
    var supports: [[Int]] = []
    var fieldOfRow: [Int] = []
    for row in 0..<rows.starts.count - 1 {
      let sources = Array(rows.sources[rows.starts[row]..<rows.starts[row + 1]])
      widest = max(widest, sources.count)
      guard sources.count <= half, (supports.count + 1) * widest <= room else { return nil }
      if let field = known[sources] {
        fieldOfRow.append(field)
      } else {
        known[sources] = supports.count
        fieldOfRow.append(supports.count)
        supports.append(sources)
      }
    }
    room -= supports.count * widest
    return (fieldOfRow, supports)
  }

  /// The places that fields read through one more map; nil where they would grow too large.
  private static func reached(
    from supports: [[Int]], by rows: SparseRows, width: Int, room: inout Int
  ) -> [[Int]]? {
    var isReached = [Bool](repeating: false, count: width)
    var result: [[Int]] = []
    var (widest, deepest, work) = (0, 0, 0)
    for support in supports {
      var reached: [Int] = []
      for element in support {
        work += rows.starts[element + 1] - rows.starts[element]
        for entry in rows.starts[element]..<rows.starts[element + 1]
        where !isReached[rows.sources[entry]] {
          isReached[rows.sources[entry]] = true
          reached.append(rows.sources[entry])
        }
      }
      for source in reached { isReached[source] = false }
      widest = max(widest, reached.count)
      deepest = max(deepest, support.count)
      let (size, overflows) = (widest * (deepest + 1)).multipliedReportingOverflow(
        by: supports.count)
      guard reached.count <= max(width / 2, 16), work <= workLimit, !overflows, size <= room else {
        return nil
      }
      result.append(reached.sorted())
    }
    room -= supports.count * widest * (deepest + 1)
    return result
  }

  /// The part of a map between the places of two levels, with zeros for places that a field does not have.
  private static func matrix(
    _ rows: SparseRows, from support: [Int], to reached: [Int], _ depth: Int, _ width: Int
  ) -> PackedMatrix<Double> {
    var matrix = [Double](repeating: 0, count: depth * width)
    for (row, element) in support.enumerated() {
      for entry in rows.starts[element]..<rows.starts[element + 1] {
        var (low, high) = (0, reached.count)
        while low + 1 < high {
          let middle = (low + high) / 2
          if reached[middle] <= rows.sources[entry] { low = middle } else { high = middle }
        }
        matrix[row * width + low] += rows.factors[entry]
      }
    }
    return unsafe matrix.withUnsafeBufferPointer {
      unsafe PackedMatrix(
        .right, rows: depth, columns: width, of: $0, MatrixLayout(rowStride: width), for: kernels)
    }
  }
}
