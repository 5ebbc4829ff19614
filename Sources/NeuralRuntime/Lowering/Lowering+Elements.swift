import TensorCore

/// Functions of single elements, sums and products of two tensors, normalisation and softmax.
extension Activation: LowerableOperator {
  /// This function as the end of a kernel; nil for those that are functions of their own.
  var epilogue: KernelEpilogue? {
    switch function {
    case .relu: .relu
    case .leakyRelu(let slope): .leaky(slope: slope)
    case .clip(let least, let most): .clip(low: least, high: most)
    case .sigmoid, .tanh: nil
    }
  }

  func lower(_ step: NetworkPlan.Step, at index: Int, in lowering: inout Lowering) -> Bool {
    guard let x = lowering.buffer(step.operands[0]) else { return false }
    let y = step.results[0]
    let count = lowering.shape(y).reduce(1, *)
    if let epilogue {
      lowering.add(
        ActivationCall(epilogue: epilogue, count: count, x: x, y: y), for: step, kept: [x])
    } else {
      let function: FunctionCall.Function =
        if case .sigmoid = self.function { .sigmoid } else { .tanh }
      lowering.add(
        FunctionCall(function: function, count: count, x: x, y: y), for: step, kept: [x, y])
    }
    return true
  }
}

extension ElementaryFunction: LowerableOperator {
  func lower(_ step: NetworkPlan.Step, at index: Int, in lowering: inout Lowering) -> Bool {
    let functions: [String: FunctionCall.Function] = ["Erf": .erf, "Exp": .exp]
    guard let function = functions[node.operation], let x = lowering.buffer(step.operands[0])
    else { return false }
    let y = step.results[0]
    lowering.add(
      FunctionCall(function: function, count: lowering.shape(y).reduce(1, *), x: x, y: y),
      for: step, kept: [x, y])
    return true
  }
}

extension Arithmetic: LowerableOperator {
  /// Many short runs are quicker as the operator itself.
  private static let mostRuns = 1 << 14

  func lower(_ step: NetworkPlan.Step, at index: Int, in lowering: inout Lowering) -> Bool {
    let shapes = step.operands.map(lowering.shape)
    guard let walk = Broadcasting(shapes[0], shapes[1]) else { return false }
    let y = step.results[0]
    let count = lowering.shape(y).reduce(1, *)
    let run = walk.axes[walk.axes.count - 1]
    guard count / max(run.count, 1) <= Self.mostRuns else { return false }
    var runs: [ArithmeticCall.Run] = []
    walk.forEachRun { runs.append(ArithmeticCall.Run(result: $0, left: $1, right: $2)) }
    func rowCount(_ position: Int) -> Int {
      lowering.buffer(step.operands[position]) == nil ? 0 : shapes[position].reduce(1, *)
    }
    let kernel: ArithmeticCall.Function =
      switch function {
      case .add: .add
      case .subtract: .subtract
      case .multiply: .multiply
      case .divide: .divide
      }
    let call = ArithmeticCall(
      function: kernel, runs: runs, length: run.count, leftStep: run.left, rightStep: run.right,
      left: lowering.operand(step.operands[0]), right: lowering.operand(step.operands[1]),
      leftCount: rowCount(0), rightCount: rowCount(1), resultCount: count, y: y)
    let isProduct = function == .multiply || function == .divide
    lowering.add(
      call, for: step, kept: isProduct ? step.operands.compactMap(lowering.buffer) : [])
    return true
  }
}

extension BatchNormalization: LowerableOperator {
  func lower(_ step: NetworkPlan.Step, at index: Int, in lowering: inout Lowering) -> Bool {
    guard let x = lowering.buffer(step.operands[0]),
      let constants = lowering.constants(step, from: 1)
    else { return false }
    let shape = lowering.shape(step.operands[0])
    let factor = DualTensor(
      float: Tensor(
        shape: [shape[1]], elements: factors(constants[0].float, constants[3].float)),
      double: Tensor(
        shape: [shape[1]], elements: factors(constants[0].double, constants[3].double)))
    let kernels = lowering.kernels
    lowering.add(
      ScaleCall(
        channels: shape[1], plane: shape[2...].reduce(1, *), mean: kernels.block(constants[2]),
        factor: kernels.block(factor), bias: kernels.block(constants[1]), x: x,
        y: step.results[0], images: shape[0]),
      for: step, kept: [])
    return true
  }
}

extension Softmax: LowerableOperator {
  func lower(_ step: NetworkPlan.Step, at index: Int, in lowering: inout Lowering) -> Bool {
    let (outer, length, stride) = groups(lowering.shape(step.operands[0]))
    guard !isLogarithm, stride == 1, length > 0, let x = lowering.buffer(step.operands[0]) else {
      return false
    }
    let y = step.results[0]
    lowering.add(
      SoftmaxCall(groups: outer, length: length, x: x, y: y), for: step, kept: [y])
    return true
  }
}
