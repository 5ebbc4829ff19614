package import EngineSupport
package import TensorCore

/// Normalisations by mean and variance of a group of elements: GroupNormalization, InstanceNormalization,
/// LayerNormalization, MeanVarianceNormalization.
///
/// y = (x − mean) / √(variance + ε) · scale + bias; mean and variance are summed in row-major order in
/// `Double`.
package struct MomentNormalization: DifferentiableOperator {
  package static let signatures = [
    OperatorSignature(
      "GroupNormalization", opsets: 18...OperatorSignature.newestOpset, operands: 3...3,
      attributes: ["epsilon", "num_groups", "stash_type"]),
    OperatorSignature("InstanceNormalization", operands: 3...3, attributes: ["epsilon"]),
    OperatorSignature(
      "LayerNormalization", opsets: 17...OperatorSignature.newestOpset, operands: 2...3,
      attributes: ["axis", "epsilon", "stash_type"], results: 3),
    OperatorSignature(
      "MeanVarianceNormalization", opsets: 9...OperatorSignature.newestOpset,
      attributes: ["axes"]),
  ]

  package let node: OperatorNode
  let epsilon: Double
  private let axis: Int
  private let groups: Int
  private let axes: [Int]

  package init(_ node: OperatorNode) throws(Diagnostic) {
    self.node = node
    let isPlain = node.operation == "MeanVarianceNormalization"
    epsilon = isPlain ? 0 : try node.float("epsilon") ?? Double(Float(1e-5))
    axis = try node.int("axis") ?? -1
    groups = try node.int("num_groups") ?? 1
    axes = try node.ints("axes") ?? [0, 2, 3]
    guard groups >= 1 else { throw node.invalidAttribute("num_groups", "at least 1") }
  }

  package func outputShapes(for operands: [[Int]]) throws(Diagnostic) -> [[Int]] {
    let shape = operands[0]
    func check(_ wanted: [Int]) throws(Diagnostic) {
      for (name, own) in zip(["scale", "bias"], operands.dropFirst()) where own != wanted {
        throw node.mismatch("\(name) has the shape \(own), not \(wanted)")
      }
    }
    switch node.operation {
    case "LayerNormalization":
      let axis = try node.axis(axis, rank: shape.count)
      for own in operands.dropFirst() {
        guard Broadcasting(own, Array(shape[axis...]))?.shape == Array(shape[axis...]) else {
          throw node.mismatch("\(own) cannot be broadcast to \(shape[axis...])")
        }
      }
      let moments = shape.indices.map { $0 < axis ? shape[$0] : 1 }
      return Array([shape, moments, moments].prefix(max(node.wantsOutput.count, 1)))
    case "MeanVarianceNormalization":
      _ = try node.axes(axes, rank: shape.count)
    default:
      guard shape.count >= 2, shape[1] % groups == 0 else {
        throw node.mismatch("\(shape) has no channels in \(groups) groups")
      }
      // Up to operator set 20 a group had one scale for all its channels.
      let isByGroup = node.operation == "GroupNormalization" && node.opset < 21
      try check([isByGroup ? groups : shape[1]])
    }
    return [shape]
  }

  package func rowwise(_ operands: [OperandShape]) -> (any RealOperator)? {
    let rank = operands[0].shape.count
    let joinsRows =
      switch node.operation {
      case "LayerNormalization": axis == 0 || axis + rank == 0
      case "MeanVarianceNormalization": axes.contains(0) || axes.contains(-rank)
      default: false
      }
    return operands.onlyFirstIsBatched && !joinsRows ? self : nil
  }

  package func work(for operands: [[Int]], outputs: [[Int]]) -> Int {
    4 * outputs[0].reduce(1, *)
  }

  /// The elements of each group, and for each element the place of its scale and bias.
  struct Layout {
    var starts: [Int]
    var offsets: [Int]
    var factor: (Int) -> Int
  }

  func layout(_ shape: [Int], factorShape: [Int]) -> Layout {
    let count = shape.reduce(1, *)
    switch node.operation {
    case "LayerNormalization":
      let axis = axis < 0 ? axis + shape.count : axis
      let inner = shape[axis...].reduce(1, *)
      let places = IndexWalk.positions(
        Array(shape[axis...]),
        strides: IndexWalk.broadcastStrides(factorShape, to: Array(shape[axis...])) ?? [])
      return Layout(
        starts: Array(stride(from: 0, to: count, by: max(inner, 1))), offsets: Array(0..<inner),
        factor: { places[$0 % inner] })
    case "MeanVarianceNormalization":
      let joined = axes.map { $0 < 0 ? $0 + shape.count : $0 }.sorted()
      let kept = shape.indices.filter { !joined.contains($0) }
      let strides = IndexWalk.strides(shape)
      return Layout(
        starts: IndexWalk.positions(kept.map { shape[$0] }, strides: kept.map { strides[$0] }),
        offsets: IndexWalk.positions(joined.map { shape[$0] }, strides: joined.map { strides[$0] }),
        factor: { _ in 0 })
    default:
      let plane = shape[2...].reduce(1, *)
      let isGrouped = node.operation == "GroupNormalization"
      let size = (isGrouped ? shape[1] / groups : 1) * plane
      let perFactor = isGrouped && node.opset < 21 ? size : plane
      let factors = factorShape.reduce(1, *)
      return Layout(
        starts: Array(stride(from: 0, to: count, by: max(size, 1))), offsets: Array(0..<size),
        factor: { $0 / perFactor % factors })
    }
  }

  private func moments<S: KernelScalar>(
    _ x: [S], _ start: Int, _ offsets: [Int]
  ) -> (mean: Double, inverse: Double) {
    let count = Double(offsets.count)
    var sum = 0.0
    for offset in offsets { sum += x[start + offset].real }
    let mean = sum / count
    var squares = 0.0
    for offset in offsets {
      let distance = x[start + offset].real - mean
      squares += distance * distance
    }
    // MeanVarianceNormalization adds its 10⁻⁹ to the deviation, not to the variance.
    let deviation = (squares / count + epsilon).squareRoot()
    return (
      mean, 1 / (node.operation == "MeanVarianceNormalization" ? deviation + 1e-9 : deviation)
    )
  }

  package func forward<S: KernelScalar>(
    _ operands: [Tensor<S>], by path: KernelPath
  ) -> [Tensor<S>] {
    let shape = operands[0].shape
    let x = operands[0].elements
    let layout = layout(shape, factorShape: operands.count > 1 ? operands[1].shape : [1])
    let scale = operands.count > 1 ? operands[1].elements : [1]
    let bias = operands.count > 2 ? operands[2].elements : []
    // The bias of LayerNormalization may be broadcast in another way than the scale.
    let biasLayout =
      operands.count > 2 ? self.layout(shape, factorShape: operands[2].shape) : layout
    var y = x
    var means: [S] = []
    var inverses: [S] = []
    for start in layout.starts {
      let (mean, inverse) = moments(x, start, layout.offsets)
      means.append(S.rounding(mean))
      inverses.append(S.rounding(inverse))
      for offset in layout.offsets {
        let place = start + offset
        let normal = (x[place].real - mean) * inverse
        let shift = bias.isEmpty ? 0 : bias[biasLayout.factor(place)].real
        y[place] = S.rounding(normal * scale[layout.factor(place)].real + shift)
      }
    }
    var results = [Tensor(shape: shape, elements: y)]
    if node.operation == "LayerNormalization", node.wantsOutput.count > 1,
      let shapes = try? outputShapes(for: operands.map(\.shape))
    {
      results.append(Tensor(shape: shapes[1], elements: means))
      if shapes.count > 2 { results.append(Tensor(shape: shapes[2], elements: inverses)) }
    }
    return results
  }

  package func vjp<S: KernelScalar>(
    _ cotangents: [Tensor<S>], at record: OperatorRecord<S>, by path: KernelPath
  ) -> [Tensor<S>?] {
    let operands = record.operands
    let x = operands[0].elements
    let g = cotangents[0].elements
    let layout = layout(
      operands[0].shape, factorShape: operands.count > 1 ? operands[1].shape : [1])
    let biasLayout =
      operands.count > 2
      ? self.layout(operands[0].shape, factorShape: operands[2].shape) : layout
    let scale = operands.count > 1 ? operands[1].elements : [1]
    var sums = operands.map { [Double](repeating: 0, count: $0.count) }
    let count = Double(layout.offsets.count)
    for start in layout.starts {
      let (mean, inverse) = moments(x, start, layout.offsets)
      var total = 0.0
      var projected = 0.0
      for offset in layout.offsets {
        let place = start + offset
        let normal = (x[place].real - mean) * inverse
        let scaled = g[place].real * scale[layout.factor(place)].real
        total += scaled
        projected += scaled * normal
        if operands.count > 1 { sums[1][layout.factor(place)] += g[place].real * normal }
        if operands.count > 2 { sums[2][biasLayout.factor(place)] += g[place].real }
      }
      for offset in layout.offsets {
        let place = start + offset
        let normal = (x[place].real - mean) * inverse
        let scaled = g[place].real * scale[layout.factor(place)].real
        sums[0][place] = inverse * (scaled - total / count - normal * projected / count)
      }
    }
    return operands.indices.map {
      record.needsGradient[$0]
        ? Tensor(shape: operands[$0].shape, elements: sums[$0].map { S.rounding($0) }) : nil
    }
  }
}
