import CKernels
import EngineSupport
import TensorCore

/// Turns the steps of a plan into calls of kernels: folds constants into the products before them, fuses
/// activations, and lets operators that only rename a shape share their operand's memory.
struct Lowering {
  let plan: NetworkPlan
  let steps: [NetworkPlan.Step]
  let inputs: [Int]
  let outputs: [Int]
  let isRowwise: Bool
  /// Whether the program will run backwards too.
  let isRecording: Bool
  /// Whether constants are folded into weights, which may change last bits.
  let folds: Bool
  let kernels: KernelTable
  let path: KernelPath
  private(set) var calls: [LoweredProgram.Step] = []
  /// The value whose memory each value is in.
  private var roots: [Int]
  /// The steps that read each value.
  private let readers: [[Int]]
  private var isAbsorbed: [Bool]

  init(
    _ plan: NetworkPlan, steps: [NetworkPlan.Step], inputs: [Int], outputs: [Int],
    isRowwise: Bool, isRecording: Bool, folds: Bool = true, _ kernels: KernelTable,
    _ path: KernelPath
  ) {
    self.plan = plan
    self.steps = steps
    self.inputs = inputs
    self.outputs = outputs
    self.folds = folds
    self.isRowwise = isRowwise
    self.isRecording = isRecording
    self.kernels = kernels
    self.path = path
    roots = Array(plan.values.indices)
    isAbsorbed = Array(repeating: false, count: steps.count)
    var readers = [[Int]](repeating: [], count: plan.values.count)
    for (index, step) in steps.enumerated() {
      for case .value(let value) in step.operands { readers[value].append(index) }
    }
    self.readers = readers
  }

  mutating func program() -> LoweredProgram {
    for (index, step) in steps.enumerated() where !isAbsorbed[index] {
      if let operation = step.operation as? any LowerableOperator,
        operation.lower(step, at: index, in: &self)
      {
        continue
      }
      if let operation = step.operation as? any RearrangingOperator,
        addTable(operation, step)
      {
        continue
      }
      addOperator(step)
    }
    return LoweredProgram(
      calls, counts: plan.values.map { $0.shape.reduce(1, *) }, inputs: inputs.map { roots[$0] },
      outputs: outputs.map { roots[$0] }, isRecording: isRecording)
  }

  // What operators ask while they are lowered.

  /// A value's shape for one row.
  func shape(_ value: Int) -> [Int] { plan.values[value].shape }

  func shape(_ source: NetworkPlan.Source) -> [Int] {
    switch source {
    case .value(let value): plan.values[value].shape
    case .constant(let constant): plan.constants[constant].shape
    }
  }

  func constant(_ source: NetworkPlan.Source) -> DualTensor? {
    if case .constant(let index) = source { plan.constants[index] } else { nil }
  }

  /// Elements of the constants of a step from operand `first` on; nil if one is no constant.
  func constants(_ step: NetworkPlan.Step, from first: Int) -> [DualTensor]? {
    let constants = step.operands.dropFirst(first).compactMap(constant)
    return constants.count == step.operands.count - first ? constants : nil
  }

  /// The buffer of an operand; nil for a constant.
  func buffer(_ source: NetworkPlan.Source) -> Int? {
    if case .value(let value) = source { roots[value] } else { nil }
  }

  func operand(_ source: NetworkPlan.Source) -> CallOperand {
    switch source {
    case .value(let value): .buffer(roots[value])
    case .constant(let constant): .constant(kernels.block(plan.constants[constant]))
    }
  }

  /// The one step that reads a value, unless the value is the output too.
  func onlyReader(of value: Int) -> Int? {
    !outputs.contains(value) && readers[value].count == 1 ? readers[value][0] : nil
  }

  mutating func absorb(_ index: Int) { isAbsorbed[index] = true }

  /// Lets a value live in another's memory.
  mutating func alias(_ value: Int, to other: Int) { roots[value] = other }

  // What operators become.

  /// - Parameters:
  ///   - results: The values it makes; those of the step unless more steps were absorbed.
  ///   - kept: Buffers that the way back reads.
  mutating func add(
    _ call: any LoweredCall, for step: NetworkPlan.Step, results: [Int]? = nil, kept: [Int],
    nodes: [String]? = nil
  ) {
    calls.append(
      LoweredProgram.Step(
        call: call, operands: step.operands.map(buffer), results: results ?? step.results,
        kept: kept, nodes: nodes ?? [step.nodeName]))
  }

  private mutating func addOperator(_ step: NetworkPlan.Step) {
    let operands = step.operands.map { source -> OperatorCall.Operand in
      switch source {
      case .value(let value): .buffer(roots[value], shape: shape(value))
      case .constant(let constant): .constant(plan.constants[constant])
      }
    }
    add(
      OperatorCall(
        operation: step.operation, operands: operands, results: step.results,
        resultShapes: step.results.map(shape), isRowwise: isRowwise, path: path),
      for: step, kept: step.operands.compactMap(buffer) + step.results)
  }
}

/// An operator that has kernels of its own. A family that has none runs as it is.
protocol LowerableOperator: RealOperator {
  /// Adds the call for a step; false where this case has no kernel.
  func lower(_ step: NetworkPlan.Step, at index: Int, in lowering: inout Lowering) -> Bool
}

extension NetworkPlan.Step {
  /// The node as its file names it.
  var nodeName: String { location.path ?? name }
}
