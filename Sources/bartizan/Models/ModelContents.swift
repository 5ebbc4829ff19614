import ONNXFormat
import TensorCore

/// What an ONNX file holds beside its real parameters: integers of quantised layers, and decision trees.
struct ModelContents {
  /// Elements of constants of 4 to 32 bits, which quantised layers take; counters and shapes have 64.
  private(set) var quantisedCount = 0
  private(set) var treeCount = 0
  /// Branches and leaves of all trees.
  private(set) var treeNodeCount = 0
  /// Support vectors of kernel machines.
  private(set) var supportVectorCount = 0

  init(of model: ONNXModel) {
    let narrow: [ElementType] = [.int4, .uint4, .int8, .uint8, .int16, .uint16, .int32]
    for tensor in model.graph.allInitializers where narrow.contains(tensor.values.elementType) {
      quantisedCount += tensor.values.count
    }
    for node in model.graph.allNodes where node.domain == "ai.onnx.ml" {
      func integers(_ name: String) -> [Int] {
        if case .ints(let values)? = node.attributes[name] { values } else { [] }
      }
      let classical = integers("nodes_treeids")
      treeCount += Set(classical).count + integers("tree_roots").count
      treeNodeCount += classical.count
      if classical.isEmpty, node.operation == "TreeEnsemble" {
        treeNodeCount += integers("nodes_featureids").count + integers("leaf_targetids").count
      }
      if case .int(let count)? = node.attributes["n_supports"] {
        supportVectorCount += min(max(count, 0), 1 << 30)
      }
      let perClass = integers("vectors_per_class").filter { (0...1 << 30).contains($0) }
      supportVectorCount += perClass.reduce(0, +)
    }
  }

  /// A label and a count for each thing that is there.
  var rows: [(label: String, key: String, count: Int)] {
    [
      ("integer weights", "integerWeights", quantisedCount), ("trees", "trees", treeCount),
      ("tree nodes", "treeNodes", treeNodeCount),
      ("support vectors", "supportVectors", supportVectorCount),
    ].filter { $0.2 > 0 }
  }
}
