package import EngineSupport
package import TensorCore

/// MaxPool over one or two spatial axes. The gradient goes to the first of equal greatest elements;
/// NaN under a window is its maximum.
package struct MaximumPooling: DifferentiableOperator {
  package static let signatures = [
    OperatorSignature(
      "MaxPool", attributes: SlidingWindow.attributes.union(["ceil_mode", "storage_order"]))
  ]

  private let window: SlidingWindow

  package init(_ node: OperatorNode) throws(Diagnostic) { window = try SlidingWindow(node) }

  package func outputShapes(for operands: [[Int]]) throws(Diagnostic) -> [[Int]] {
    let input = operands[0]
    let geometry = try window.geometry(input: input, padBelowKernel: true)
    return [Array(input.prefix(2)) + geometry.outputShape(rank: input.count)]
  }

  package func rowwise(_ operands: [OperandShape]) -> Self? { self }

  package func work(for operands: [[Int]], outputs: [[Int]]) -> Int {
    let reach = (try? window.geometry(input: operands[0]))?.reach ?? 1
    return outputs[0].reduce(1, *) * reach
  }

  @specialized(where S == Float)
  @specialized(where S == Double)
  package func forward<S: KernelScalar>(
    _ operands: [Tensor<S>], by path: KernelPath
  ) -> [Tensor<S>] {
    let x = operands[0].elements
    let shape = operands[0].shape
    let (winners, outputShape) = winners(x, shape)
    let y = winners.map { $0 < 0 ? -S.infinity : x[$0] }
    return [Tensor(shape: outputShape, elements: y)]
  }

  @specialized(where S == Float)
  @specialized(where S == Double)
  package func vjp<S: KernelScalar>(
    _ cotangents: [Tensor<S>], at record: OperatorRecord<S>, by path: KernelPath
  ) -> [Tensor<S>?] {
    let x = record.operands[0]
    let (winners, _) = winners(x.elements, x.shape)
    let g = cotangents[0].elements
    var gradient = [S](repeating: 0, count: x.count)
    for (output, winner) in winners.enumerated() where winner >= 0 { gradient[winner] += g[output] }
    return [Tensor(shape: x.shape, elements: gradient)]
  }

  /// For each output the index of the greatest element under its window; −1 where all is padding.
  @specialized(where S == Float)
  @specialized(where S == Double)
  private func winners<S: KernelScalar>(
    _ x: [S], _ shape: [Int]
  ) -> (indices: [Int], outputShape: [Int]) {
    guard let geometry = try? window.geometry(input: shape) else {
      preconditionFailure("shapes were checked when the network was planned")
    }
    let rows = (0..<geometry.height.output).map(geometry.height.tapsInside)
    let columns = (0..<geometry.width.output).map(geometry.width.tapsInside)
    let planes = shape[0] * shape[1]
    var indices = [Int](repeating: -1, count: planes * geometry.outputPlane)
    var output = 0
    for plane in 0..<planes {
      let base = plane * geometry.inputPlane
      for (outputY, tapsY) in rows.enumerated() {
        for (outputX, tapsX) in columns.enumerated() {
          var best = -1
          for tapY in tapsY {
            let line = base + geometry.height.source(outputY, tapY) * geometry.width.input
            for tapX in tapsX {
              let index = line + geometry.width.source(outputX, tapX)
              // A comparison with NaN is false, so once NaN leads it stays.
              if best < 0 || x[index] > x[best] || (x[index].isNaN && !x[best].isNaN) {
                best = index
              }
            }
          }
          indices[output] = best
          output += 1
        }
      }
    }
    return (indices, Array(shape.prefix(2)) + geometry.outputShape(rank: shape.count))
  }
}
