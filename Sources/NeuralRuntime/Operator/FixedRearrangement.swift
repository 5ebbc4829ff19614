import EngineSupport
import TensorCore

/// A rearrangement whose map is given: what stands for several operators at once where a layer is unrolled.
struct FixedRearrangement: RearrangingOperator {
  static let signatures: [OperatorSignature] = []

  let node: OperatorNode
  private let sources: [Int]
  private let shape: [Int]

  init(_ node: OperatorNode) throws(Diagnostic) {
    throw node.unsupported("is made from another operator only")
  }

  /// - Parameter sources: For each element of the output an index into the operands' elements laid end to end, or −1
  ///   for 0.
  init(_ node: OperatorNode, sources: [Int], shape: [Int]) {
    precondition(sources.count == shape.reduce(1, *), "a source for each element")
    (self.node, self.sources, self.shape) = (node, sources, shape)
  }

  func outputShapes(for operands: [[Int]]) throws(Diagnostic) -> [[Int]] { [shape] }

  func sources(for operands: [[Int]], outputs: [[Int]]) -> [[Int]] { [sources] }
}
