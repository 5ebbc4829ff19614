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

  struct Field: Sendable {
    /// Places in the value that the first step reads, then in the operand of each `map`.
    var supports: [[Int]]
    /// For each `map` its matrix, `[supports[k].count, supports[k + 1].count]`.
    var matrices: [PackedMatrix<Double>]
  }

  /// Steps that keep the elements as they are, and the step whose rows the bounds start from.
  let passes: [Int]
  let first: Int
  let stages: [Stage]
  /// The value where the columns are as many as it has elements again, or the input.
  let end: Int
  let fieldOfElement: [Int]
  let fields: [Field]

  static let kernels = Kernels<Double>(.fastest)
  /// Numbers that the matrices of one value may hold.
  private static let limit = 1 << 21

  /// nil where elements read most of what there is.
  init?(
    of value: Int, steps: [LinearPropagation.Step], producers: [Int?], input: Int,
    width: (Int) -> Int
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
      let (fieldOfElement, supports) = Self.shared(rows, half: width(start.operand) / 2)
    else { return nil }
    var fields = supports.map { Field(supports: [$0], matrices: []) }
    var stages: [Stage] = []
    var room = Self.limit - supports.reduce(0) { $0 + $1.count }
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
        Self.extend(&fields, by: rows, width: width(step.operand), room: &room)
      {
        stages.append(.map(step: index))
        value = step.operand
      } else {
        break
      }
    }
    (self.passes, first, self.stages, end) = (passes, start.step, stages, value)
    (self.fieldOfElement, self.fields) = (fieldOfElement, fields)
  }

  /// The field of each row, and the places of each field; nil where a row has more than `half` entries.
  private static func shared(_ rows: SparseRows, half: Int) -> (of: [Int], supports: [[Int]])? {
    var known: [[Int]: Int] = [:]
    var supports: [[Int]] = []
    var fieldOfRow: [Int] = []
    for row in 0..<rows.starts.count - 1 {
      let sources = Array(rows.sources[rows.starts[row]..<rows.starts[row + 1]])
      guard sources.count <= half else { return nil }
      if let field = known[sources] {
        fieldOfRow.append(field)
      } else {
        known[sources] = supports.count
        fieldOfRow.append(supports.count)
        supports.append(sources)
      }
    }
    return (fieldOfRow, supports)
  }

  /// Takes the fields through one more map; false, and nothing changes, where they would grow too large.
  private static func extend(
    _ fields: inout [Field], by rows: SparseRows, width: Int, room: inout Int
  ) -> Bool {
    var result = fields
    var left = room
    var places = [Int](repeating: -1, count: width)
    for index in fields.indices {
      guard let support = fields[index].supports.last else { return false }
      var reached: [Int] = []
      for element in support {
        for entry in rows.starts[element]..<rows.starts[element + 1]
        where places[rows.sources[entry]] < 0 {
          places[rows.sources[entry]] = 0
          reached.append(rows.sources[entry])
        }
      }
      reached.sort()
      for (place, source) in reached.enumerated() { places[source] = place }
      left -= reached.count * (support.count + 1)
      guard reached.count <= max(width / 2, 16), left >= 0 else { return false }
      var matrix = [Double](repeating: 0, count: support.count * reached.count)
      for (row, element) in support.enumerated() {
        for entry in rows.starts[element]..<rows.starts[element + 1] {
          matrix[row * reached.count + places[rows.sources[entry]]] += rows.factors[entry]
        }
      }
      for source in reached { places[source] = -1 }
      result[index].supports.append(reached)
      result[index].matrices.append(
        unsafe matrix.withUnsafeBufferPointer {
          unsafe PackedMatrix(
            .right, rows: support.count, columns: reached.count, of: $0,
            MatrixLayout(rowStride: reached.count), for: kernels)
        })
    }
    (fields, room) = (result, left)
    return true
  }
}
