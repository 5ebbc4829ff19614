package import EngineSupport
import TensorCore

/// A network prepared for linear bounds: each operator as an affine map, as planes, or as ranges only.
///
/// Source: Zhang et al., "Efficient neural network robustness certification with general activation
/// functions" (CROWN), NeurIPS 2018; Xu et al., "Automatic perturbation analysis for scalable certified
/// robustness and beyond", NeurIPS 2020 (general graphs).
///
/// What is proved: let an evaluation be any sequence of values in which each affine operator is off by at most
/// the error of a `Float` sum in any order, each elementary function by at most 4 units in the last place, and
/// everything else exact. The bounds hold for every evaluation, so for exact arithmetic and for each `Float`
/// engine that computes the file's operators one by one. Errors of the `Double` arithmetic used here are
/// bounded with the same magnitudes and added.
package struct LinearPropagation: Sendable {
  /// What the bounds hold for.
  package enum Coverage: Sendable {
    /// Exact arithmetic and every `Float` engine.
    case float
    /// Exact arithmetic: the sums of affine operators have no allowance for `Float`.
    case exact
  }

  enum Kind: Sendable {
    case affine(Affine)
    case planar(any PlanarOperator)
    /// Its outputs enter as ranges.
    case opaque
  }

  /// y = L·x + offsets.
  struct Affine: Sendable {
    var operation: any AffineOperator
    /// c of each output for one sample.
    var offsets: [[Double]]
    var roundings: Int
    /// The outputs are the varying operand's elements in order, plus the offsets.
    var keepsElements: Bool
    var rows: SparseRows?
    var matrix: DenseMatrix?
  }

  struct Step: Sendable {
    var operation: any IntervalOperator
    var operands: [NetworkPlan.Source]
    var results: [Int]
    var kind: Kind
  }

  let steps: [Step]
  /// Shapes of values for one sample: without the batch if `isBatched`.
  let shapes: [[Int]]
  let constants: [IntervalTensor]
  /// Whether the steps take any number of boxes at once; otherwise boxes go one by one.
  package let isBatched: Bool
  let input: Int
  let output: Int
  /// The step that makes each value.
  let producers: [Int?]
  /// Values whose ranges decide planes, in order.
  let anchors: [Int]
  /// For each value what its readers need to know of it.
  let readers: [[any PlanarOperator]]
  let isReadOpaquely: [Bool]
  /// Whether the sign alone decides if the planes of every reader of a value are exact.
  let settlesBySign: [Bool]
  /// The relative error allowed for `Double` arithmetic: a chain of 2²⁰ roundings, or of as many as the network
  /// has elements.
  let share: Double
  let coverage: Coverage

  /// The elements of one sample's input and output.
  package var inputWidth: Int { width(input) }
  package var outputWidth: Int { width(output) }

  func width(_ value: Int) -> Int { shapes[value].reduce(1, *) }

  /// Errors: `onnx.operator.not-bounded` names the first operator without an interval form.
  package init(
    _ network: Network, covering coverage: Coverage = .float
  ) throws(Diagnostic) {
    self.coverage = coverage
    if let step = network.firstWithoutInterval {
      throw Diagnostic(
        "onnx.operator.not-bounded", "\(step.name) has no interval form", at: step.location)
    }
    let plan = network.plan
    let rowwise = plan.rowwiseSteps.flatMap { steps in
      steps.allSatisfy { $0.operation is any IntervalOperator } ? steps : nil
    }
    let sources = rowwise ?? plan.steps
    isBatched = rowwise != nil
    constants = plan.constants.map { IntervalTensor($0.double) }
    shapes = plan.values.map { rowwise == nil ? $0.shape : Array($0.shape.dropFirst()) }
    input = plan.input
    output = plan.output
    var planner = StepPlanner(
      values: plan.values.map(\.shape), constants: plan.constants.map(\.double))
    steps = sources.compactMap { planner.step($0) }
    var producers = [Int?](repeating: nil, count: shapes.count)
    var readers = [[any PlanarOperator]](repeating: [], count: shapes.count)
    var isReadOpaquely = [Bool](repeating: false, count: shapes.count)
    for (index, step) in steps.enumerated() {
      for result in step.results { producers[result] = index }
      for case .value(let value) in step.operands {
        switch step.kind {
        case .affine: break
        case .planar(let operation): readers[value].append(operation)
        case .opaque: isReadOpaquely[value] = true
        }
      }
    }
    anchors = shapes.indices.filter { [input = plan.input] value in
      value != input && producers[value] != nil
        && (!readers[value].isEmpty || isReadOpaquely[value])
    }
    settlesBySign = readers.map { $0.allSatisfy(\.settlesBySign) }
    self.producers = producers
    self.readers = readers
    self.isReadOpaquely = isReadOpaquely
    let elements = steps.reduce(0) { sum, step in
      sum + step.results.reduce(0) { $0 + plan.values[$1].shape.reduce(1, *) }
    }
    share = 0x1p-52 * Double(max(1 << 20, elements))
  }

  /// The widths of the anchors, in their order: what `BoxBatch.ranges` holds for each box.
  package var anchorWidths: [Int] { anchors.map(width) }
}

/// The matrix of an affine operator row by row, without its zeros.
struct SparseRows: Sendable {
  var starts: [Int] = [0]
  var sources: [Int] = []
  var factors: [Double] = []

  static let limit = 1 << 22
}

/// The matrix of an affine operator that has few zeros.
struct DenseMatrix: Sendable {
  let rows: Int
  let columns: Int
  /// Row-major.
  var elements: [Double]
  var magnitudes: [Double]

  /// nil where most factors are zero or the matrix is large.
  init?(_ sparse: SparseRows, columns: Int) {
    rows = sparse.starts.count - 1
    self.columns = columns
    guard sparse.sources.count >= rows * columns / 4, rows * columns <= SparseRows.limit else {
      return nil
    }
    elements = Array(repeating: 0, count: rows * columns)
    for row in 0..<rows {
      for entry in sparse.starts[row]..<sparse.starts[row + 1] {
        elements[row * columns + sparse.sources[entry]] += sparse.factors[entry]
      }
    }
    magnitudes = elements.map { abs($0) }
  }

  /// start + x · matrixᵀ for a batch of x, `[count, columns]`.
  func applied(to x: [Double], count: Int, isMagnitude: Bool, from start: [Double]) -> [Double] {
    var result: [Double] = []
    result.reserveCapacity(count * rows)
    for _ in 0..<count { result.append(contentsOf: start) }
    Double.addProduct(
      rows: count, columns: rows, depth: columns, of: x, MatrixLayout(rowStride: columns),
      and: isMagnitude ? magnitudes : elements, MatrixLayout(rowStride: columns).transposed,
      to: &result, MatrixLayout(rowStride: rows), by: .fastest)
    return result
  }

  /// `result` = rows · matrix for coefficients `[count, rows]`: the adjoint. `result` lends its memory.
  func pullBack(_ coefficients: [Double], count: Int, into result: inout [Double]) {
    if result.count == count * columns {
      for i in result.indices { result[i] = 0 }
    } else {
      result = Array(repeating: 0, count: count * columns)
    }
    Double.addProduct(
      rows: count, columns: columns, depth: rows, of: coefficients, MatrixLayout(rowStride: rows),
      and: elements, MatrixLayout(rowStride: columns), to: &result,
      MatrixLayout(rowStride: columns), by: .fastest)
  }
}

/// Decides for each step how it takes part in linear bounds.
private struct StepPlanner {
  /// Shapes of values for one sample, with the batch axis if there is one.
  let values: [[Int]]
  let constants: [Tensor<Double>]

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
          roundings: operation.roundings(for: shapes), keepsElements: keeps, rows: rows,
          matrix: rows.flatMap { DenseMatrix($0, columns: operands[0].count) }))
    }
    if let operation = step.operation as? any PlanarOperator, step.results.count == 1 {
      return .planar(operation)
    }
    return .opaque
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
