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
    /// Roundings that an engine adds which folds a normalisation into the layer before it; 0 elsewhere.
    var foldedRoundings: Int
    /// How far, in proportion, a `Float` computation of the operator's constants may lie from theirs in `Double`.
    var deviation: Double
    /// The outputs are the varying operand's elements in order, plus the offsets.
    var keepsElements: Bool
    var rows: SparseRows?
    var map: (any LinearMap)?
    /// The parts of L by output and operand, where they are sparse.
    var taps: [Tap]?
  }

  /// What one output of an affine step reads of one operand.
  struct Tap: Sendable {
    var output: Int
    var operand: Int
    var rows: SparseRows
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
  /// Each constant with what a computation of it in `Float` gives.
  let constants: [IntervalTensor]
  let constantValues: [Tensor<Double>]
  /// Whether the steps take any number of boxes at once; otherwise boxes go one by one.
  package let isBatched: Bool
  let input: Int
  let output: Int
  /// The step that makes each value.
  let producers: [Int?]
  /// Values whose ranges decide planes, and quantised steps, in order.
  let anchors: [Int]
  /// The places among the anchors of quantised steps.
  let stepAnchors: [Int]
  /// For each value what its readers need to know of it.
  let readers: [[any PlanarOperator]]
  let isReadOpaquely: [Bool]
  /// Whether the sign alone decides if the planes of every reader of a value are exact.
  let settlesBySign: [Bool]
  /// The relative error allowed for `Double` arithmetic: a chain of 2²⁰ roundings, or of as many as the network
  /// has elements.
  let share: Double
  /// Whether the linear bounds of all elements of a value take less than `anchorWork`.
  let isAffordable: [Bool]
  /// Multiply-adds for the linear bounds of one box, where no range is known and every element is bounded; less where
  /// elements read little.
  package let boxWork: Int
  let coverage: Coverage
  /// For each value whose elements are bounded what their rows can reach, where that is little.
  var fields: [ReceptiveFields?]

  /// The elements of one sample's input and output.
  package var inputWidth: Int { width(input) }
  package var outputWidth: Int { width(output) }

  func width(_ value: Int) -> Int { shapes[value].reduce(1, *) }

  /// Elements of all values of one box: a plane takes four numbers for each.
  static let elementLimit = 1 << 24
  /// Multiply-adds for the linear bounds of one value in one box; dearer values keep their intervals.
  static let anchorWork = 1 << 36

  /// Errors: `onnx.operator.not-bounded` names the first operator without an interval form; `network.bounds.too-large`.
  package init(
    _ network: Network, covering coverage: Coverage = .float
  ) throws(Diagnostic) {
    self.coverage = coverage
    if let step = network.firstWithoutInterval {
      throw Diagnostic(
        "onnx.operator.not-bounded", "\(step.name) has no interval form", at: step.location)
    }
    let plan = network.plan.unrolled
    let rowwise = plan.rowwiseSteps.flatMap { steps in
      steps.allSatisfy { $0.operation is any IntervalOperator } ? steps : nil
    }
    let sources = rowwise ?? plan.steps
    isBatched = rowwise != nil
    constants = plan.constants.map(\.range)
    constantValues = plan.constants.map(\.double)
    shapes = plan.values.map { rowwise == nil ? $0.shape : Array($0.shape.dropFirst()) }
    input = plan.input
    output = plan.output
    var planner = StepPlanner(
      values: plan.values.map(\.shape), constants: plan.constants.map(\.double),
      deviations: plan.constants.map(\.deviation), foldedRoundings: plan.foldedRoundings)
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
    let stepValues = steps.flatMap { $0.operation is Quantization ? $0.results : [] }
    anchors = shapes.indices.filter { [input = plan.input] value in
      value != input && producers[value] != nil
        && (!readers[value].isEmpty || isReadOpaquely[value] || stepValues.contains(value))
    }
    stepAnchors = anchors.indices.filter { [anchors] in stepValues.contains(anchors[$0]) }
    settlesBySign = readers.map { !$0.isEmpty && $0.allSatisfy(\.settlesBySign) }
    self.producers = producers
    self.readers = readers
    self.isReadOpaquely = isReadOpaquely
    let elements = steps.reduce(0) { sum, step in
      sum + step.results.reduce(0) { $0 + plan.values[$1].shape.reduce(1, *) }
    }
    guard elements <= Self.elementLimit else {
      throw Diagnostic(
        "network.bounds.too-large",
        "the network has \(elements) values; at most \(Self.elementLimit) are bounded by lines")
    }
    let work = Self.boundWork(
      sources, widths: plan.values.map { $0.shape.reduce(1, *) }, producers: producers)
    isAffordable = work.map { $0 <= Self.anchorWork }
    // No sum overflows: each of at most `elementLimit` values takes at most `anchorWork`.
    boxWork = anchors.reduce(0) { $0 + (work[$1] <= Self.anchorWork ? work[$1] : 0) }
    share = 0x1p-52 * Double(max(1 << 20, elements))
    var fields = [ReceptiveFields?](repeating: nil, count: shapes.count)
    var room = ReceptiveFields.limit
    for value in shapes.indices
    where isAffordable[value] && (value == output || anchors.contains(value)) {
      fields[value] = ReceptiveFields(
        of: value, steps: steps, producers: producers, input: input, room: &room
      ) { [shapes] in shapes[$0].reduce(1, *) }
    }
    self.fields = fields
  }

  /// Multiply-adds for the linear bounds of each value in one box: two rows for each element go back through every step
  /// before it.
  private static func boundWork(
    _ steps: [NetworkPlan.Step], widths: [Int], producers: [Int?]
  ) -> [Int] {
    var workBefore: [Int] = []
    var work = 0
    for step in steps {
      work += step.multiplyAdds + step.results.reduce(0) { $0 + widths[$1] }
      workBefore.append(work)
    }
    return widths.indices.map { value in
      guard let producer = producers[value] else { return .max }
      let (product, overflows) = (2 * widths[value]).multipliedReportingOverflow(
        by: workBefore[producer])
      return overflows ? .max : product
    }
  }

  /// The widths of the anchors, in their order: what `BoxBatch.ranges` holds for each box.
  package var anchorWidths: [Int] { anchors.map(width) }
}
