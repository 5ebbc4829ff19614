import EngineSupport
public import TensorCore

/// The network's lowered programs and the memory they run in.
extension Network {
  func entry(for kernels: KernelTable, isRecording: Bool) -> ProgramCache.Entry {
    let key = ProgramCache.Key(
      isDouble: kernels.isDouble, path: kernelPath.resolved, isRecording: isRecording)
    return programs.entry(for: key) {
      var lowering = Lowering(
        plan, steps: steps, inputs: [plan.input], outputs: [plan.output], isRowwise: isRowwise,
        isRecording: isRecording, kernels, kernelPath)
      return lowering.program()
    }
  }

  func program(for kernels: KernelTable, isRecording: Bool) -> LoweredProgram {
    entry(for: kernels, isRecording: isRecording).program
  }

  func workspace<S: KernelScalar>(
    _: S.Type, rows: Int, isRecording: Bool
  ) -> Workspace {
    let kernels = KernelTable(S.self, kernelPath)
    return Workspace(
      program(for: kernels, isRecording: isRecording), capacity: max(1, min(rows, blockRows)),
      kernels)
  }

  /// Working memory for running this network again and again without allocating.
  ///
  /// - Parameters:
  ///   - batch: The samples of a usual call; more run in several blocks, with the same bits.
  ///   - isRecording: Whether memory for gradients is made now instead of at the first one.
  public func runner<S: KernelScalar>(
    _: S.Type = Float.self, batch: Int = 1, isRecording: Bool = false
  ) -> NetworkRunner<S> {
    NetworkRunner(self, rows: batch, isRecording: isRecording && isDifferentiable)
  }

  /// Whether every operator runs as a kernel on planned memory; otherwise some run as single operators,
  /// with the same bits, and allocate.
  public var isLowered: Bool {
    let program = program(for: KernelTable(Float.self, kernelPath), isRecording: false)
    return program.steps.allSatisfy { !($0.call is OperatorCall) }
  }

  /// The nodes of the file that run together as one kernel, in the order of the kernels.
  public var fusedNodes: [[String]] {
    program(for: KernelTable(Float.self, kernelPath), isRecording: false).steps.map(\.nodes)
      .filter { !$0.isEmpty }
  }

  func checkDifferentiable() throws(Diagnostic) {
    if let step = firstWithoutDerivative {
      throw Diagnostic(
        "onnx.operator.not-differentiable", "\(step.name) has no derivative", at: step.location)
    }
  }

  /// How many samples so many elements are.
  func samples(in count: Int, _ outputs: Int?) throws(Diagnostic) -> Int {
    let size = input.shape.reduce(1, *)
    guard count % size == 0 else { throw wrongCount(count) }
    if let outputs, outputs != count / size * output.shape.reduce(1, *) {
      throw wrongCount(outputs)
    }
    return count / size
  }

  func wrongCount(_ count: Int) -> Diagnostic {
    Diagnostic(
      "network.input.shape",
      "\(count) elements do not fit samples of \(input.shape) in and \(output.shape) out")
  }
}
