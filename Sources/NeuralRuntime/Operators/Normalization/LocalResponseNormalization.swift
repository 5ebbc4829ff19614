package import EngineSupport
package import TensorCore

/// LRN: each element divided by a power of the squares of its neighbours in other channels.
///
/// Source: Krizhevsky et al., "ImageNet classification with deep convolutional neural networks", 2012.
package struct LocalResponseNormalization: DifferentiableOperator {
  package static let signatures = [
    OperatorSignature("LRN", attributes: ["alpha", "beta", "bias", "size"])
  ]

  package let node: OperatorNode
  let alpha: Double
  let beta: Double
  let bias: Double
  let size: Int

  package init(_ node: OperatorNode) throws(Diagnostic) {
    self.node = node
    alpha = try node.float("alpha") ?? Double(Float(0.0001))
    beta = try node.float("beta") ?? 0.75
    bias = try node.float("bias") ?? 1
    guard let size = try node.int("size"), (1...NetworkLimits.elements).contains(size) else {
      throw node.invalidAttribute("size", "at least 1")
    }
    self.size = size
  }

  package func outputShapes(for operands: [[Int]]) throws(Diagnostic) -> [[Int]] {
    guard operands[0].count >= 2 else { throw node.mismatch("\(operands[0]) has no channels") }
    return [operands[0]]
  }

  package func rowwise(_ operands: [OperandShape]) -> (any RealOperator)? { self }

  package func work(for operands: [[Int]], outputs: [[Int]]) -> Int {
    outputs[0].reduce(1, *) * min(size, operands[0][1])
  }

  /// The neighbours of a channel.
  func window(_ channel: Int, _ channels: Int) -> Range<Int> {
    let before = (size - 1) / 2
    return max(0, channel - before)..<min(channels, channel + size - before)
  }

  private func bases<S: KernelScalar>(_ x: [S], _ shape: [Int]) -> [Double] {
    let (channels, plane) = (shape[1], shape[2...].reduce(1, *))
    return x.indices.map { place in
      let channel = place / plane % channels
      var sum = 0.0
      for other in window(channel, channels) {
        let value = x[place + (other - channel) * plane].real
        sum += value * value
      }
      return bias + alpha / Double(size) * sum
    }
  }

  package func forward<S: KernelScalar>(
    _ operands: [Tensor<S>], by path: KernelPath
  ) -> [Tensor<S>] {
    let x = operands[0].elements
    let bases = bases(x, operands[0].shape)
    return [
      Tensor(
        shape: operands[0].shape,
        elements: x.indices.map { S.rounding(x[$0].real / PortableMath.pow(bases[$0], beta)) })
    ]
  }

  package func vjp<S: KernelScalar>(
    _ cotangents: [Tensor<S>], at record: OperatorRecord<S>, by path: KernelPath
  ) -> [Tensor<S>?] {
    let shape = record.operands[0].shape
    let x = record.operands[0].elements
    let g = cotangents[0].elements
    let bases = bases(x, shape)
    let (channels, plane) = (shape[1], shape[2...].reduce(1, *))
    var sums = x.indices.map { g[$0].real / PortableMath.pow(bases[$0], beta) }
    for place in x.indices {
      let channel = place / plane % channels
      let factor =
        -2 * beta * alpha / Double(size) * g[place].real * x[place].real
        / PortableMath.pow(bases[place], beta + 1)
      for other in window(channel, channels) {
        let neighbour = place + (other - channel) * plane
        sums[neighbour] += factor * x[neighbour].real
      }
    }
    return [Tensor(shape: shape, elements: sums.map { S.rounding($0) })]
  }
}
