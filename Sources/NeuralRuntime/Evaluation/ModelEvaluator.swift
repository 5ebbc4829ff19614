public import EngineSupport
public import ONNXFormat
public import TensorCore

/// Runs a model as its file says it: any number of inputs and outputs of any type, shapes that only the
/// values decide, branches and loops.
///
/// A `Network` is the planned and batched form of models that have one real input and fixed shapes; both
/// give the same bits.
public struct ModelEvaluator: Sendable {
  /// A named result.
  public struct Output: Sendable {
    public var name: String
    public var value: RuntimeValue
  }

  /// Inputs that are not constants, in the file's order.
  public let inputs: [ONNXValue]
  public let outputs: [ONNXValue]

  /// What one run may take.
  package var limits = EvaluationBudget.Limits()

  private let program: EvaluationProgram
  private let placeCount: Int
  private let constants: [(place: Int, value: RuntimeValue)]
  private let location: SourceLocation

  /// Resolves names and makes operators.
  ///
  /// Errors: the first is thrown, further unsupported operators are reported: `onnx.operator.unsupported`,
  /// `onnx.attribute.invalid`, `onnx.shape.mismatch`, `onnx.value.undefined`, `onnx.value.duplicate`,
  /// `onnx.graph.order`, `onnx.graph.too-large`.
  public init(
    preparing model: ONNXModel, reportingTo diagnostics: inout Diagnostics
  ) throws(Diagnostic) {
    try self.init(preparing: model, with: .standard, reportingTo: &diagnostics)
  }

  package init(
    preparing model: ONNXModel, with registry: OperatorRegistry,
    reportingTo diagnostics: inout Diagnostics
  ) throws(Diagnostic) {
    var compiler = ProgramCompiler(model, registry: registry)
    try compiler.checkOperators(reportingTo: &diagnostics)
    program = try compiler.program(of: model.graph, outer: NameChain())
    placeCount = compiler.placeCount
    constants = compiler.constants
    inputs = model.graph.inputs
    outputs = model.graph.outputs
    location = SourceLocation(
      document: model.graph.nodes.first?.location.document ?? "model", path: "graph")
  }

  /// The outputs, in the file's order.
  ///
  /// Errors: `model.input.missing`, `model.input.unknown`, `model.input.type`, `model.input.shape`, and what
  /// operators refuse when they see the values, with the node as the place.
  public func run(_ values: [String: RuntimeValue]) throws(Diagnostic) -> [Output] {
    var execution = Execution(
      placeCount: placeCount, constants: constants, isRecording: false,
      limits: limits)
    let results = try execution.run(
      program, on: try checked(values).map { execution.held($0) })
    return zip(outputs, results).map { Output(name: $0.name, value: $1.value) }
  }

  /// An output, and the gradients of ⟨cotangent, output⟩ with respect to real inputs, in the model's own
  /// precision: through branches and loops as they ran.
  ///
  /// - Returns: Gradients by input name; inputs the output does not depend on are left out.
  /// Errors: those of `run`, `onnx.operator.not-differentiable`, `model.output.unknown`,
  /// `model.output.type` where the output does not hold elements of type `S`.
  public func gradients<S: KernelScalar>(
    at values: [String: RuntimeValue], of output: String, cotangent: (Tensor<S>) -> Tensor<S>
  ) throws(Diagnostic) -> (output: Tensor<S>, gradients: [String: Tensor<S>]) {
    guard let index = outputs.firstIndex(where: { $0.name == output }) else {
      throw Diagnostic("model.output.unknown", "there is no output \"\(output)\"", at: location)
    }
    var execution = Execution(
      placeCount: placeCount, constants: constants, isRecording: true,
      limits: limits)
    let held = try checked(values).map { execution.held($0) }
    let result = try execution.run(program, on: held)[index]
    guard let tensor = result.value.tensor as? Tensor<S> else {
      throw Diagnostic(
        "model.output.type", "output \"\(output)\" does not hold \(S.self) values", at: location)
    }
    let gradients =
      try execution.tape?.gradients(
        of: result, cotangent: cotangent(tensor), withRespectTo: held.map(\.origin)) ?? []
    var named: [String: Tensor<S>] = [:]
    for (input, gradient) in zip(inputs, gradients) { named[input.name] = gradient }
    return (tensor, named)
  }

  private func checked(
    _ values: [String: RuntimeValue]
  ) throws(Diagnostic) -> [RuntimeValue] {
    let known = Set(inputs.map(\.name))
    if let unknown = values.keys.filter({ !known.contains($0) }).min() {
      throw Diagnostic(
        "model.input.unknown", "the model has no input \"\(unknown)\"", at: location,
        hint: "its inputs are: \(inputs.map(\.name).joined(separator: ", "))")
    }
    var result: [RuntimeValue] = []
    for input in inputs {
      guard let value = values[input.name] else {
        throw Diagnostic(
          "model.input.missing", "the input \"\(input.name)\" is not given", at: location)
      }
      try check(value, for: input)
      result.append(value)
    }
    return result
  }

  private func check(_ value: RuntimeValue, for input: ONNXValue) throws(Diagnostic) {
    let place = SourceLocation(document: location.document, path: "input \"\(input.name)\"")
    guard let tensor = value.tensor else { return }
    if input.kind == .tensor, input.elementType != 0, tensor.elementType != input.type {
      throw Diagnostic(
        "model.input.type",
        "the input needs \(ElementType.onnxName(input.elementType)), not \(tensor.elementType)",
        at: place)
    }
    guard let declared = input.shape else { return }
    let fits =
      declared.count == tensor.rank
      && zip(declared, tensor.shape).allSatisfy { dimension, length in
        if case .fixed(let fixed) = dimension { fixed == length } else { true }
      }
    guard fits else {
      let wanted = declared.map { dimension in
        switch dimension {
        case .fixed(let length): "\(length)"
        case .dynamic(let name): name ?? "?"
        }
      }
      throw Diagnostic(
        "model.input.shape",
        "the input needs the shape [\(wanted.joined(separator: ", "))], not \(tensor.shape)",
        at: place)
    }
  }
}
