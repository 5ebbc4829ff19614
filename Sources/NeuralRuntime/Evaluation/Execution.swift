import EngineSupport
import ONNXFormat
import TensorCore

/// One run of a program: the values that are alive, what may still be spent, and the tape if gradients are
/// wanted.
struct Execution {
  /// A value with the number of the place on the tape that it came from; −1 for constants.
  struct Held: Sendable {
    var value: RuntimeValue
    var origin: Int
  }

  private var places: [Held?]
  var budget: EvaluationBudget
  /// nil unless gradients are wanted.
  private(set) var tape: GradientTape?
  private var origins = 0

  init(
    placeCount: Int, constants: [(place: Int, value: RuntimeValue)], isRecording: Bool,
    limits: EvaluationBudget.Limits
  ) {
    budget = EvaluationBudget(limits)
    places = Array(repeating: nil, count: placeCount)
    for (place, value) in constants { places[place] = Held(value: value, origin: -1) }
    tape = isRecording ? GradientTape() : nil
  }

  mutating func held(_ value: RuntimeValue) -> Held {
    origins += 1
    return Held(value: value, origin: origins)
  }

  /// Runs a program on its inputs.
  mutating func run(
    _ program: EvaluationProgram, on inputs: [Held]
  ) throws(Diagnostic) -> [Held] {
    for (place, input) in zip(program.inputs, inputs) { put(input, at: place) }
    for step in program.steps {
      let results = try results(of: step)
      for (place, result) in zip(step.results, results) {
        if let place { put(result, at: place) }
      }
      for place in step.releases {
        if let old = places[place] { budget.release(old.value) }
        places[place] = nil
      }
    }
    return program.outputs.map { place in
      guard let held = places[place] else {
        preconditionFailure("a compiled program computes its outputs")
      }
      return held
    }
  }

  private mutating func put(_ held: Held, at place: Int) {
    if let old = places[place] { budget.release(old.value) }
    budget.hold(held.value)
    places[place] = held
  }

  private mutating func results(
    of step: EvaluationProgram.Step
  ) throws(Diagnostic) -> [Held] {
    try budget.spend(NetworkLimits.stepsOfACall, for: OperatorNode(step.node, opset: step.opset))
    var operation = step.operation
    if operation == nil {
      var parameters: [String: any AnyTensor] = [:]
      for (name, place) in step.parameters {
        guard let tensor = places[place]?.value.tensor else {
          throw OperatorNode(step.node, opset: step.opset).wrongType("input \(name) is no tensor")
        }
        parameters[name] = tensor
      }
      operation = try step.family.init(
        OperatorNode(step.node, opset: step.opset, parameters: parameters))
    }
    guard let operation else { preconditionFailure("an operator was made above") }
    let operands = step.operands.map { place in place.flatMap { places[$0] } }
    if let control = operation as? any ControlOperator {
      return try control.evaluate(operands, bodies: step.bodies, in: &self)
    }
    return try apply(operation, to: operands, at: step.node.location, name: step.node.operation)
  }

  /// Runs one operator and, if gradients are wanted, writes it to the tape.
  mutating func apply(
    _ operation: any Operator, to operands: [Held?], at location: SourceLocation?, name: String
  ) throws(Diagnostic) -> [Held] {
    let results = try operation.evaluate(operands.map { $0?.value }, within: &budget)
      .map { held($0) }
    if operands.contains(where: { ($0?.origin ?? -1) >= 0 }) {
      // What is on the tape stays alive to the end.
      if tape != nil { for result in results { budget.hold(result.value) } }
      tape?.append(
        GradientTape.Entry(
          operation: operation, operands: operands, results: results, name: name,
          location: location))
    } else {
      return results.map { Held(value: $0.value, origin: -1) }
    }
    return results
  }
}

/// An operator that runs sub-graphs.
protocol ControlOperator: Operator {
  func evaluate(
    _ operands: [Execution.Held?], bodies: [String: EvaluationProgram],
    in execution: inout Execution
  ) throws(Diagnostic) -> [Execution.Held]
}

extension ControlOperator {
  package func evaluate(
    _ operands: [RuntimeValue?], within budget: inout EvaluationBudget
  ) throws(Diagnostic) -> [RuntimeValue] {
    preconditionFailure("an execution hands its bodies to a control operator")
  }
}
