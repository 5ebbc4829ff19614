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
  private(set) var roots: [Int]
  /// The steps that read each value.
  let readers: [[Int]]
  private var isAbsorbed: [Bool]
  /// Elements of each value for one row; those that lowering itself makes come after the plan's.
  var counts: [Int]
  /// The values whose images have their channels side by side, with the value that holds them as planes once
  /// there is one.
  var channelsLast: [Int: Int?] = [:]

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
    counts = plan.values.map { $0.shape.reduce(1, *) }
    var readers = [[Int]](repeating: [], count: plan.values.count)
    for (index, step) in steps.enumerated() {
      for case .value(let value) in step.operands { readers[value].append(index) }
    }
    self.readers = readers
  }

  mutating func program() -> LoweredProgram {
    for (index, step) in steps.enumerated() where !isAbsorbed[index] {
      if !readsChannelsLast(step) {
        for case .value(let value) in step.operands { _ = planes(of: roots[value]) }
      }
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
      calls, counts: counts, inputs: inputs.map { roots[$0] },
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

  /// The buffer of an operand, images as planes; nil for a constant.
  func buffer(_ source: NetworkPlan.Source) -> Int? {
    guard case .value(let value) = source else { return nil }
    return channelsLast[roots[value]].flatMap(\.self) ?? roots[value]
  }

  func operand(_ source: NetworkPlan.Source) -> CallOperand {
    switch source {
    case .value: .buffer(buffer(source) ?? 0)
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
  ///   - operands: The buffers it reads, by operand; those of the step unless another order of theirs is read.
  ///   - results: The values it makes; those of the step unless more steps were absorbed.
  ///   - kept: Buffers that the way back reads.
  ///   - traces: Values of the call's own, made by `newValue`.
  mutating func add(
    _ call: any LoweredCall, for step: NetworkPlan.Step, operands: [Int?]? = nil,
    results: [Int]? = nil, kept: [Int], traces: [Int] = [], nodes: [String]? = nil
  ) {
    calls.append(
      LoweredProgram.Step(
        call: call, operands: operands ?? step.operands.map(buffer),
        results: results ?? step.results,
        kept: kept, traces: traces, nodes: nodes ?? [step.nodeName]))
  }

  /// Adds a call that is no step's, and that the way back does not read.
  mutating func add(_ call: any LoweredCall, operands: [Int], results: [Int]) {
    calls.append(
      LoweredProgram.Step(call: call, operands: operands, results: results, kept: [], nodes: []))
  }

  private mutating func addOperator(_ step: NetworkPlan.Step) {
    let operands = step.operands.map { source -> OperatorCall.Operand in
      switch source {
      case .value(let value): .buffer(buffer(source) ?? roots[value], shape: shape(value))
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
