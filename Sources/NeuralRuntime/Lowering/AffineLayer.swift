import TensorCore

/// A product or convolution with constant weights while batch normalisations after it are folded in.
///
/// Folded constants are computed in `Double` and rounded once to the network's precision: each weight and
/// bias is within (1 + u)(1 + 4 · 2⁻⁵³) of the one that real arithmetic gives, u the precision's unit roundoff.
/// A layer of n products then gives a result within γ(n+3) · (Σ|w||x| + |b|) of the exact one, b all addends
/// together; bounds count that (`NetworkPlan.foldedRoundings`). Sums and products with constants are not folded:
/// they stay what the file says, bit for bit.
struct AffineLayer {
  enum WeightOrder {
    /// All weights of the first channel, then all of the second.
    case byChannel
    /// The first weight of every channel, then the second.
    case interleaved
  }

  private(set) var weights: DualTensor
  private(set) var bias: DualTensor?
  let order: WeightOrder
  let channels: Int
  /// The axis of channels in the output's shape.
  let axis: Int
  let outputShape: [Int]

  init(
    weights: DualTensor, bias: DualTensor?, _ order: WeightOrder, channels: Int, axis: Int,
    outputShape: [Int]
  ) {
    self.weights = weights
    self.bias = bias
    self.order = order
    self.channels = channels
    self.axis = axis
    self.outputShape = outputShape
  }

  /// Folds a step that reads the layer's output; false where it is no normalisation by constants.
  mutating func fold(_ step: NetworkPlan.Step, _ plan: NetworkPlan) -> Bool {
    guard let operation = step.operation as? BatchNormalization else { return false }
    return fold(operation, step, plan)
  }

  private mutating func fold(
    _ operation: BatchNormalization, _ step: NetworkPlan.Step, _ plan: NetworkPlan
  ) -> Bool {
    guard axis == 1, step.operands.count == 5 else { return false }
    var constants: [[Double]] = []
    for case .constant(let index) in step.operands.dropFirst() {
      constants.append(plan.constants[index].double.elements)
    }
    guard constants.count == 4 else { return false }
    let factors = zip(constants[0], constants[3]).map { scale, variance in
      scale / (variance + operation.epsilon).squareRoot()
    }
    // (Wx + b − mean) · f + beta = (fW)x + (bf + (beta − mean · f))
    let addends = (0..<channels).map { constants[1][$0] - constants[2][$0] * factors[$0] }
    return apply(factors, addends)
  }

  /// Refuses constants that leave the range of `Float`, which would not have left it one after the other.
  private mutating func apply(_ factors: [Double], _ addends: [Double]) -> Bool {
    let run = weights.double.count / channels
    let old = weights.double.elements
    let weights = DualTensor(
      Tensor(
        shape: weights.shape,
        elements: old.indices.map { index in
          old[index] * factors[order == .byChannel ? index / run : index % channels]
        }))
    let start = bias?.double.elements
    let bias = DualTensor(
      Tensor(
        shape: [channels],
        elements: (0..<channels).map { (start?[$0] ?? 0) * factors[$0] + addends[$0] }))
    guard weights.float.elements.allSatisfy(\.isFinite),
      bias.float.elements.allSatisfy(\.isFinite)
    else { return false }
    self.weights = weights
    self.bias = bias
    return true
  }
}

extension Lowering {
  /// Folds what follows a layer into it and fuses the activation after that.
  mutating func finish(
    _ layer: inout AffineLayer, after index: Int
  ) -> (result: Int, epilogue: KernelEpilogue, nodes: [String]) {
    var result = steps[index].results[0]
    var nodes = [steps[index].nodeName]
    while folds, let next = onlyReader(of: result), layer.fold(steps[next], plan) {
      take(next, &result, &nodes)
    }
    guard let next = onlyReader(of: result),
      let activation = steps[next].operation as? Activation,
      let epilogue = activation.epilogue, !isRecording || epilogue.showsItsSlope
    else { return (result, .none, nodes) }
    take(next, &result, &nodes)
    return (result, epilogue, nodes)
  }

  private mutating func take(_ index: Int, _ result: inout Int, _ nodes: inout [String]) {
    absorb(index)
    result = steps[index].results[0]
    nodes.append(steps[index].nodeName)
  }
}

extension KernelEpilogue {
  /// Whether the derivative can be told from the result: not for Clip, which has slope 1 at its bounds
  /// and 0 beyond.
  var showsItsSlope: Bool {
    switch self {
    case .none, .relu: true
    case .leaky(let slope): slope > 0
    case .clip: false
    }
  }
}
