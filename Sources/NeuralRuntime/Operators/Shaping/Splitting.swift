package import EngineSupport
import TensorCore

/// Split: a tensor cut into pieces along an axis.
package struct Splitting: RearrangingOperator {
  package static let signatures = [
    OperatorSignature("Split", opsets: 7...12, attributes: ["axis", "split"], results: 4_096),
    OperatorSignature(
      "Split", opsets: 13...OperatorSignature.newestOpset, parameters: ["split"],
      attributes: ["axis", "num_outputs"], results: 4_096),
  ]

  package let node: OperatorNode
  private let axis: Int
  private let lengths: [Int]?
  private let count: Int

  package init(_ node: OperatorNode) throws(Diagnostic) {
    self.node = node
    axis = try node.int("axis") ?? 0
    lengths = node.opset < 13 ? try node.ints("split") : try node.parameterInts("split")
    let wanted = try node.int("num_outputs")
    count = wanted ?? node.wantsOutput.count
    guard (1...4_096).contains(count) else {
      throw node.invalidAttribute("num_outputs", "from 1 to 4096")
    }
  }

  package func outputShapes(for operands: [[Int]]) throws(Diagnostic) -> [[Int]] {
    let shape = operands[0]
    let axis = try node.axis(axis, rank: shape.count)
    var lengths = lengths ?? []
    if self.lengths == nil {
      // Opset 18 on: chunks of one size, the last one smaller. Before, the parts had to be equal.
      let chunk = (shape[axis] + count - 1) / count
      lengths = (0..<count).map { max(0, min(chunk, shape[axis] - $0 * chunk)) }
    }
    guard lengths.allSatisfy({ $0 >= 0 && $0 <= shape[axis] }), lengths.count <= 4_096,
      lengths.reduce(0, +) == shape[axis], lengths.count >= node.wantsOutput.count
    else { throw node.mismatch("parts of \(lengths) do not make up \(shape[axis])") }
    return lengths.map { length in
      var part = shape
      part[axis] = length
      return part
    }
  }

  package func sources(for operands: [[Int]], outputs: [[Int]]) -> [[Int]] {
    let shape = operands[0]
    let axis = axis < 0 ? axis + shape.count : axis
    let strides = IndexWalk.strides(shape)
    var start = 0
    return outputs.map { part in
      defer { start += part[axis] }
      return IndexWalk.positions(part, strides: strides, offset: start * strides[axis])
    }
  }
}
