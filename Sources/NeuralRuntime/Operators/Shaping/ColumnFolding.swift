package import EngineSupport
package import TensorCore

/// Col2Im: columns of blocks added back into an image, the adjoint of cutting it into blocks.
package struct ColumnFolding: DifferentiableOperator, IntervalOperator {
  package static let signatures = [
    OperatorSignature(
      "Col2Im", opsets: 18...OperatorSignature.newestOpset,
      parameters: ["image_shape", "block_shape"], attributes: ["dilations", "pads", "strides"])
  ]

  package let node: OperatorNode
  private let image: [Int]
  private let block: [Int]
  private let dilations: [Int]
  private let pads: [Int]
  private let strides: [Int]

  package init(_ node: OperatorNode) throws(Diagnostic) {
    self.node = node
    image = try node.parameterInts("image_shape") ?? []
    block = try node.parameterInts("block_shape") ?? []
    let rank = image.count
    dilations = try node.ints("dilations") ?? [Int](repeating: 1, count: rank)
    pads = try node.ints("pads") ?? [Int](repeating: 0, count: 2 * rank)
    strides = try node.ints("strides") ?? [Int](repeating: 1, count: rank)
    let limit = NetworkLimits.elements
    guard rank > 0, [block.count, dilations.count, strides.count].allSatisfy({ $0 == rank }),
      pads.count == 2 * rank, NetworkLimits.elementCount(image) != nil,
      NetworkLimits.elementCount(block) != nil,
      (dilations + strides).allSatisfy({ (1...limit).contains($0) }),
      pads.allSatisfy({ (0...limit).contains($0) })
    else { throw node.mismatch("blocks of \(block) do not fit an image of \(image)") }
  }

  /// Places of a block along each axis.
  private var counts: [Int] {
    image.indices.map { axis in
      let span = dilations[axis] * (block[axis] - 1) + 1
      let room = image[axis] + pads[axis] + pads[axis + image.count] - span
      return room < 0 ? 0 : room / strides[axis] + 1
    }
  }

  package func outputShapes(for operands: [[Int]]) throws(Diagnostic) -> [[Int]] {
    let x = operands[0]
    let size = block.reduce(1, *)
    guard x.count == 3, x[1] > 0, x[1] % size == 0, let places = NetworkLimits.volume(counts),
      x[2] == places
    else { throw node.mismatch("columns of \(x) do not fold into \(image)") }
    return [[x[0], x[1] / size] + image]
  }

  package func work(for operands: [[Int]], outputs: [[Int]]) -> Int {
    4 * operands[0].reduce(1, *) + outputs[0].reduce(1, *)
  }

  /// For each element of one channel's columns the element of its image; −1 in the padding.
  private var targets: [Int] {
    let own = IndexWalk.strides(image)
    var result: [Int] = []
    IndexWalk.forEachIndex(block) { inner in
      IndexWalk.forEachIndex(counts) { place in
        var target = 0
        for axis in image.indices {
          let at = place[axis] * strides[axis] + inner[axis] * dilations[axis] - pads[axis]
          guard at >= 0, at < image[axis] else {
            target = -1
            break
          }
          target += at * own[axis]
        }
        result.append(target)
      }
    }
    return result
  }

  /// Blocks are added in the order of the columns.
  package func forward<S: KernelScalar>(
    _ operands: [Tensor<S>], by path: KernelPath
  ) -> [Tensor<S>] {
    let x = operands[0]
    let targets = targets
    let plane = image.reduce(1, *)
    let channels = x.count / max(targets.count, 1)
    var y = [S](repeating: 0, count: x.shape[0] * x.shape[1] / block.reduce(1, *) * plane)
    for channel in 0..<channels {
      for (index, target) in targets.enumerated() where target >= 0 {
        y[channel * plane + target] += x.elements[channel * targets.count + index]
      }
    }
    return [Tensor(shape: [x.shape[0], x.shape[1] / block.reduce(1, *)] + image, elements: y)]
  }

  package func vjp<S: KernelScalar>(
    _ cotangents: [Tensor<S>], at record: OperatorRecord<S>, by path: KernelPath
  ) -> [Tensor<S>?] {
    let x = record.operands[0]
    let targets = targets
    let plane = image.reduce(1, *)
    var gradient = [S](repeating: 0, count: x.count)
    for channel in 0..<x.count / max(targets.count, 1) {
      for (index, target) in targets.enumerated() where target >= 0 {
        gradient[channel * targets.count + index] =
          cotangents[0].elements[channel * plane + target]
      }
    }
    return [Tensor(shape: x.shape, elements: gradient)]
  }

  package func interval(_ operands: [IntervalTensor]) -> [IntervalTensor] {
    [operands[0].bounding(terms: block.reduce(1, *)) { forward([$0], by: .fastest)[0] }]
  }
}
