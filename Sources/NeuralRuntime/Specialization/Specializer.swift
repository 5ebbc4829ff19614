import EngineSupport
import ONNXFormat
import TensorCore

/// Walks through a program with inputs of known shapes and sorts its steps: those that only shapes decide are
/// run now, those on reals of known shape go into a plan, and those on other values run first.
///
/// Gives up where a step would have to run between planned ones.
struct Specializer {
  /// What is known of a place.
  enum Kind {
    /// The same for all inputs of these shapes.
    case known(RuntimeValue)
    /// A value of the plan.
    case planned(Int)
    /// Computed by the steps that run first; the value is that of the inputs at hand.
    case literal(RuntimeValue)
  }

  private struct Impossible: Error {}

  private var kinds: [Kind?]
  private var plan = NetworkPlan()
  private var constantAt: [Int: Int] = [:]
  private var firstSteps: [EvaluationProgram.Step] = []
  private var taken: [Int] = []
  private var feeds: [(source: SpecializedProgram.Source, value: Int)] = []
  private var promoted: [Int: Int] = [:]
  private var budget: EvaluationBudget
  private var work = 0
  private var elements = 0
  private let inputs: [Int]

  private init(_ program: EvaluationProgram, placeCount: Int, _ path: KernelPath) {
    kinds = Array(repeating: nil, count: placeCount)
    budget = EvaluationBudget(by: path)
    inputs = program.inputs
  }

  static func program(
    _ program: EvaluationProgram, placeCount: Int,
    constants: [(place: Int, value: RuntimeValue)], inputs: [RuntimeValue], _ path: KernelPath
  ) -> SpecializedProgram? {
    var specializer = Specializer(program, placeCount: placeCount, path)
    for (place, value) in constants { specializer.kinds[place] = .known(value) }
    return try? specializer.specialize(program, placeCount: placeCount, inputs, path)
  }

  private mutating func specialize(
    _ program: EvaluationProgram, placeCount: Int, _ values: [RuntimeValue], _ path: KernelPath
  ) throws -> SpecializedProgram {
    for (position, (place, value)) in zip(program.inputs, values).enumerated() {
      if let tensor = value.tensor as? Tensor<Float> {
        let index = try newValue(tensor.shape)
        feeds.append((.input(position), index))
        kinds[place] = .planned(index)
      } else {
        kinds[place] = .literal(value)
      }
    }
    try walk(program)
    guard !plan.steps.isEmpty else { throw Impossible() }
    var outputs: [Int] = []
    let results = try program.outputs.map { place -> SpecializedProgram.Result in
      switch kinds[place] {
      case .known(let value): return .known(value)
      case .literal: return .taken(source(of: place))
      case .planned(let index):
        outputs.append(index)
        return .lowered(outputs.count - 1, shape: plan.values[index].shape)
      case nil: throw Impossible()
      }
    }
    let kernels = KernelTable(Float.self, path)
    var lowering = Lowering(
      plan, steps: plan.steps, inputs: feeds.map(\.value), outputs: outputs, isRowwise: false,
      isRecording: false, folds: false, kernels, path)
    let lowered = lowering.program()
    var first = EvaluationProgram()
    first.inputs = program.inputs
    first.outputs = taken
    first.steps = firstSteps
    var constants: [(place: Int, value: RuntimeValue)] = []
    for (place, kind) in kinds.enumerated() {
      if case .known(let value) = kind, !firstSteps.isEmpty { constants.append((place, value)) }
    }
    return SpecializedProgram(
      first: first, placeCount: placeCount, constants: constants,
      feeds: feeds.map { ($0.source, plan.values[$0.value].shape) }, lowered: lowered,
      results: results, path: path)
  }

  /// Where a place that is computed first, or is an input, is found when the program runs.
  private mutating func source(of place: Int) -> SpecializedProgram.Source {
    if let position = inputs.firstIndex(of: place) { return .input(position) }
    if let known = taken.firstIndex(of: place) { return .first(known) }
    taken.append(place)
    return .first(taken.count - 1)
  }

  private mutating func newValue(_ shape: [Int]) throws -> Int {
    guard let count = NetworkLimits.elementCount(shape) else { throw Impossible() }
    elements += count
    guard elements <= NetworkLimits.activations else { throw Impossible() }
    plan.values.append(NetworkPlan.Value(name: "", shape: shape))
    return plan.values.count - 1
  }

  private mutating func walk(_ program: EvaluationProgram) throws {
    for step in program.steps {
      if step.family is Branching.Type {
        try branch(step)
        continue
      }
      guard !(step.family is any ControlOperator.Type) else { throw Impossible() }
      try sort(step)
    }
  }

  /// A branch whose condition is known is its body.
  private mutating func branch(_ step: EvaluationProgram.Step) throws {
    guard let place = step.operands.first ?? nil, case .known(let value) = kinds[place],
      let condition = value.tensor as? Tensor<Bool>, condition.count == 1,
      let body = step.bodies[condition.elements[0] ? "then_branch" : "else_branch"]
    else { throw Impossible() }
    try walk(body)
    for (result, output) in zip(step.results, body.outputs) {
      if let result { kinds[result] = kinds[output] }
      // A literal value keeps the place it was made at.
      if case .literal = kinds[output] { throw Impossible() }
    }
  }

  private mutating func sort(_ step: EvaluationProgram.Step) throws {
    let reader = OperatorNode(step.node, opset: step.opset)
    var isKnown = true
    var isPlanned = false
    for place in step.operands.compactMap(\.self) + step.parameters.map(\.place) {
      switch kinds[place] {
      case .known: break
      case .planned:
        isKnown = false
        isPlanned = true
      case .literal: isKnown = false
      case nil: throw Impossible()
      }
    }
    if step.family is ShapeReading.Type, let place = step.operands.first ?? nil,
      let shape = shape(at: place), let result = step.results.first ?? nil
    {
      kinds[result] = .known(.tensor(try ShapeReading(reader).reading(shape)))
      return
    }
    if isKnown {
      try run(step) { .known($0) }
    } else if !(try plan(step)) {
      guard !isPlanned else { throw Impossible() }
      try run(step) { .literal($0) }
      firstSteps.append(step)
    }
  }

  /// A shape that is the same for all inputs of these shapes; nil for what is computed first.
  private func shape(at place: Int) -> [Int]? {
    switch kinds[place] {
    case .planned(let index): plan.values[index].shape
    case .literal(let value) where inputs.contains(place): value.tensor?.shape
    default: nil
    }
  }

  /// Runs a step on the values at hand.
  private mutating func run(
    _ step: EvaluationProgram.Step, _ kind: (RuntimeValue) -> Kind
  ) throws {
    let operation = try operation(of: step, knownOnly: false)
    let operands = step.operands.map { $0.flatMap(value) }
    let results = try operation.evaluate(operands, within: &budget)
    for (place, result) in zip(step.results, results) {
      if let place { kinds[place] = kind(result) }
    }
  }

  private func value(_ place: Int) -> RuntimeValue? {
    switch kinds[place] {
    case .known(let value), .literal(let value): value
    default: nil
    }
  }

  private func operation(
    of step: EvaluationProgram.Step, knownOnly: Bool
  ) throws -> any Operator {
    if let operation = step.operation { return operation }
    var parameters: [String: any AnyTensor] = [:]
    for (name, place) in step.parameters {
      if knownOnly {
        guard case .known = kinds[place] else { throw Impossible() }
      }
      guard let tensor = value(place)?.tensor else { throw Impossible() }
      parameters[name] = tensor
    }
    return try step.family.init(
      OperatorNode(step.node, opset: step.opset, parameters: parameters))
  }

  /// Adds a step on reals to the plan; false where it is none.
  private mutating func plan(_ step: EvaluationProgram.Step) throws -> Bool {
    guard step.node.domain.isEmpty else { return false }
    for case let place? in step.operands {
      if case .planned = kinds[place] { continue }
      guard value(place)?.tensor is Tensor<Float> else { return false }
    }
    if let same = try converted(step) {
      if let result = step.results.first ?? nil { kinds[result] = same }
      return true
    }
    // In a plan these keep steps and rounded values among the reals; here they have types of their own.
    guard !(step.family is Quantization.Type), !(step.family is Conversion.Type) else {
      return false
    }
    guard step.family is any RealOperator.Type, step.operands.allSatisfy({ $0 != nil }),
      let operation = try operation(of: step, knownOnly: true) as? any RealOperator
    else { return false }
    var operands: [NetworkPlan.Source] = []
    for case let place? in step.operands { operands.append(try operand(place)) }
    let shapes = operands.map { source in
      switch source {
      case .value(let index): plan.values[index].shape
      case .constant(let index): plan.constants[index].shape
      }
    }
    let outputs = try operation.outputShapes(for: shapes)
    guard step.results.dropFirst(outputs.count).allSatisfy({ $0 == nil }) else {
      throw Impossible()
    }
    work += operation.work(for: shapes, outputs: outputs)
    guard work <= NetworkLimits.work else { throw Impossible() }
    var results: [Int] = []
    for (position, shape) in outputs.enumerated() {
      results.append(try newValue(shape))
      if position < step.results.count, let place = step.results[position] {
        kinds[place] = .planned(results[position])
      }
    }
    plan.steps.append(
      NetworkPlan.Step(
        name: step.node.operation, operation: operation, operands: operands, results: results,
        multiplyAdds: 0, location: step.node.location))
    return true
  }

  /// A cast to the type that a planned value has already.
  private func converted(_ step: EvaluationProgram.Step) throws -> Kind? {
    guard step.family is Conversion.Type, let place = step.operands.first ?? nil,
      case .planned = kinds[place],
      let operation = try operation(of: step, knownOnly: true) as? Conversion,
      operation.target == .float
    else { return nil }
    return kinds[place]
  }

  private mutating func operand(_ place: Int) throws -> NetworkPlan.Source {
    switch kinds[place] {
    case .planned(let index): return .value(index)
    case .known(let value):
      if let index = constantAt[place] { return .constant(index) }
      guard let tensor = value.tensor as? Tensor<Float> else { throw Impossible() }
      plan.constants.append(DualTensor(tensor))
      constantAt[place] = plan.constants.count - 1
      return .constant(plan.constants.count - 1)
    case .literal(let value):
      if let index = promoted[place] { return .value(index) }
      guard let tensor = value.tensor as? Tensor<Float> else { throw Impossible() }
      let index = try newValue(tensor.shape)
      promoted[place] = index
      feeds.append((source(of: place), index))
      return .value(index)
    case nil: throw Impossible()
    }
  }
}
