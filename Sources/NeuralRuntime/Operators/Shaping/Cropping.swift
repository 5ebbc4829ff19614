package import EngineSupport
import TensorCore

/// CenterCropPad: a tensor brought to a size by cutting or padding both ends of its axes alike.
package struct Cropping: RearrangingOperator {
  package static let signatures = [
    OperatorSignature(
      "CenterCropPad", opsets: 18...OperatorSignature.newestOpset, parameters: ["shape"],
      attributes: ["axes"])
  ]

  package let node: OperatorNode
  private let target: [Int]
  private let axes: [Int]?

  package init(_ node: OperatorNode) throws(Diagnostic) {
    self.node = node
    guard let target = try node.parameterInts("shape"),
      target.allSatisfy({ $0 >= 0 && $0 <= NetworkLimits.elements })
    else { throw node.mismatch("the shape is missing or no shape") }
    self.target = target
    axes = try node.ints("axes")
  }

  package func outputShapes(for operands: [[Int]]) throws(Diagnostic) -> [[Int]] {
    var shape = operands[0]
    var chosen = Array(shape.indices)
    if let axes {
      chosen = []
      for axis in axes { chosen.append(try node.axis(axis, rank: shape.count)) }
    }
    guard chosen.count == target.count else {
      throw node.mismatch("\(target.count) lengths for \(chosen.count) axes")
    }
    for (axis, length) in zip(chosen, target) { shape[axis] = length }
    return [shape]
  }

  package func sources(for operands: [[Int]], outputs: [[Int]]) -> [[Int]] {
    let shape = operands[0]
    let strides = IndexWalk.strides(shape)
    // Cutting starts at half the surplus, padding at half the lack, both rounded down.
    let shifts = zip(shape, outputs[0]).map { own, wanted in
      own >= wanted ? (own - wanted) / 2 : -((wanted - own) / 2)
    }
    var sources: [Int] = []
    IndexWalk.forEachIndex(outputs[0]) { index in
      var source = 0
      for axis in index.indices {
        let place = index[axis] + shifts[axis]
        guard place >= 0, place < shape[axis] else {
          source = -1
          break
        }
        source += place * strides[axis]
      }
      sources.append(source)
    }
    return [sources]
  }
}
