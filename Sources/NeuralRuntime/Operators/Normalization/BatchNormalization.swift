package import EngineSupport
package import TensorCore

/// BatchNormalization as a trained model uses it: y = (x − mean) · scale / √(variance + ε) + bias, by channel.
package struct BatchNormalization: AffineOperator {
  package static let signatures = [
    OperatorSignature(
      "BatchNormalization", operands: 5...5,
      attributes: ["epsilon", "momentum", "spatial", "training_mode"])
  ]

  let epsilon: Double
  package let node: OperatorNode

  package init(_ node: OperatorNode) throws(Diagnostic) {
    self.node = node
    epsilon = try node.float("epsilon") ?? Double(Float(1e-5))
    if try node.flag("training_mode") { throw node.unsupported("training mode") }
    if try node.int("spatial") ?? 1 == 0 { throw node.unsupported("spatial = 0") }
  }

  package func outputShapes(for operands: [[Int]]) throws(Diagnostic) -> [[Int]] {
    let shape = operands[0]
    guard shape.count >= 2 else { throw node.mismatch("\(shape) has no axis of channels") }
    guard operands.dropFirst().allSatisfy({ $0 == [shape[1]] }) else {
      throw node.mismatch("scale, bias, mean and variance need the shape [\(shape[1])]")
    }
    return [shape]
  }

  /// For factors that are known: a rising or falling line for each channel.
  package func interval(_ operands: [IntervalTensor]) -> [IntervalTensor] {
    let constants = operands.dropFirst().map(\.lower)
    let ends = [operands[0].lower, operands[0].upper].map {
      forward([$0] + constants, by: .fastest)[0].elements
    }
    let (factors, plane) = factors([operands[0].lower] + constants)
    let means = operands[3].lower.elements
    let biases = operands[2].lower.elements
    let isKnown = operands.dropFirst().allSatisfy { $0.lower == $0.upper }
    var (low, high) = (ends[0], ends[1])
    for i in low.indices {
      guard isKnown else {
        (low[i], high[i]) = (-.infinity, .infinity)
        continue
      }
      let channel = i / plane % factors.count
      let reach = max(abs(operands[0].lower.elements[i]), abs(operands[0].upper.elements[i]))
      let error = OutwardRounding.error(
        ofSum: 6,
        magnitude: (reach + abs(means[channel])) * abs(factors[channel]) + abs(biases[channel]))
      (low[i], high[i]) = (
        (min(ends[0][i], ends[1][i]) - error).nextDown, (max(ends[0][i], ends[1][i]) + error).nextUp
      )
    }
    let shape = operands[0].shape
    return [
      IntervalTensor(
        lower: Tensor(shape: shape, elements: low), upper: Tensor(shape: shape, elements: high))
    ]
  }

  package func isAffine(in varying: [Bool]) -> Bool { !varying.dropFirst().contains(true) }

  package func roundings(for operands: [[Int]]) -> Int { 6 }

  package func magnitudes(_ operands: [IntervalTensor]) -> [Tensor<Double>] {
    let (factors, plane) = factors(operands.map(\.lower))
    let (biases, means) = (operands[2].lower.elements, operands[3].lower.elements)
    var result = operands[0].magnitudes
    for i in result.elements.indices {
      let channel = i / plane % factors.count
      result.elements[i] =
        (result.elements[i] + abs(means[channel])) * abs(factors[channel]) + abs(biases[channel])
    }
    return [result]
  }

  package func rowwise(_ operands: [OperandShape]) -> (any RealOperator)? {
    operands.onlyFirstIsBatched ? self : nil
  }

  @specialized(where S == Float)
  @specialized(where S == Double)
  package func forward<S: KernelScalar>(
    _ operands: [Tensor<S>], by path: KernelPath
  ) -> [Tensor<S>] {
    let (factors, plane) = factors(operands)
    let bias = operands[2].elements
    let mean = operands[3].elements
    var y = operands[0].elements
    for start in stride(from: 0, to: y.count, by: plane) {
      let channel = start / plane % factors.count
      for i in start..<start + plane {
        y[i] = (y[i] - mean[channel]) * factors[channel] + bias[channel]
      }
    }
    return [Tensor(shape: operands[0].shape, elements: y)]
  }

  /// scale / √(variance + ε) by channel, and the elements of one channel of one row.
  @specialized(where S == Float)
  @specialized(where S == Double)
  private func factors<S: KernelScalar>(_ operands: [Tensor<S>]) -> (factors: [S], plane: Int) {
    (factors(operands[1], operands[4]), operands[0].shape[2...].reduce(1, *))
  }

  func factors<S: KernelScalar>(_ scale: Tensor<S>, _ variance: Tensor<S>) -> [S] {
    let epsilon = S.rounding(epsilon)
    return zip(scale.elements, variance.elements).map { $0 / ($1 + epsilon).squareRoot() }
  }

  @specialized(where S == Float)
  @specialized(where S == Double)
  package func vjp<S: KernelScalar>(
    _ cotangents: [Tensor<S>], at record: OperatorRecord<S>, by path: KernelPath
  ) -> [Tensor<S>?] {
    let (factors, plane) = factors(record.operands)
    let channels = factors.count
    let x = record.operands[0].elements
    let scale = record.operands[1].elements
    let mean = record.operands[3].elements
    let variance = record.operands[4].elements
    let g = cotangents[0].elements
    var inputGradient = g
    var sums = [S](repeating: 0, count: channels)
    var products = [S](repeating: 0, count: channels)
    for start in stride(from: 0, to: g.count, by: plane) {
      let channel = start / plane % channels
      for i in start..<start + plane {
        inputGradient[i] = g[i] * factors[channel]
        sums[channel] += g[i]
        products[channel] += g[i] * (x[i] - mean[channel])
      }
    }
    let epsilon = S.rounding(epsilon)
    let perChannel = [channels]
    let all: [Tensor<S>] = [
      Tensor(shape: record.operands[0].shape, elements: inputGradient),
      Tensor(
        shape: perChannel,
        elements: scale.indices.map { products[$0] / (variance[$0] + epsilon).squareRoot() }),
      Tensor(shape: perChannel, elements: sums),
      Tensor(shape: perChannel, elements: scale.indices.map { -sums[$0] * factors[$0] }),
      Tensor(
        shape: perChannel,
        elements: scale.indices.map {
          -products[$0] * factors[$0] / (2 * (variance[$0] + epsilon))
        }),
    ]
    return zip(all, record.needsGradient).map { $1 ? $0 : nil }
  }
}
