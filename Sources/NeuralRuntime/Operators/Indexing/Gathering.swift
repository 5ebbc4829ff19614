package import EngineSupport
import TensorCore

/// Gather, GatherElements, GatherND: elements picked by index; negative indices count from the end.
package struct Gathering: RearrangingOperator {
  package static let signatures = [
    OperatorSignature("Gather", parameters: ["indices"], attributes: ["axis"]),
    OperatorSignature(
      "GatherElements", opsets: 11...OperatorSignature.newestOpset, parameters: ["indices"],
      attributes: ["axis"]),
    OperatorSignature(
      "GatherND", opsets: 11...OperatorSignature.newestOpset, parameters: ["indices"],
      attributes: ["batch_dims"]),
  ]

  package let node: OperatorNode
  private let indices: [Int]
  private let indexShape: [Int]
  private let axis: Int
  private let batchAxes: Int

  package init(_ node: OperatorNode) throws(Diagnostic) {
    self.node = node
    guard let indices = try node.parameterInts("indices") else {
      throw node.mismatch("the indices are missing")
    }
    self.indices = indices
    indexShape = node.parameter("indices")?.shape ?? []
    axis = try node.int("axis") ?? 0
    batchAxes = try node.int("batch_dims") ?? 0
  }

  package func outputShapes(for operands: [[Int]]) throws(Diagnostic) -> [[Int]] {
    let shape = operands[0]
    if node.operation == "GatherND" {
      guard let depth = indexShape.last, batchAxes >= 0, batchAxes < indexShape.count,
        batchAxes < shape.count, depth >= 1, depth + batchAxes <= shape.count,
        indexShape.prefix(batchAxes).elementsEqual(shape.prefix(batchAxes))
      else { throw node.mismatch("indices of the shape \(indexShape) do not fit \(shape)") }
      for (place, index) in indices.enumerated() {
        try check(index, shape[batchAxes + place % depth])
      }
      return [Array(indexShape.dropLast()) + shape[(batchAxes + depth)...]]
    }
    let axis = try node.axis(axis, rank: shape.count)
    for index in indices { try check(index, shape[axis]) }
    if node.operation == "Gather" {
      return [Array(shape[..<axis]) + indexShape + shape[(axis + 1)...]]
    }
    guard indexShape.count == shape.count,
      shape.indices.allSatisfy({ $0 == axis || indexShape[$0] <= shape[$0] })
    else { throw node.mismatch("indices of the shape \(indexShape) do not fit \(shape)") }
    return [indexShape]
  }

  private func check(_ index: Int, _ length: Int) throws(Diagnostic) {
    guard index >= -length, index < length else {
      throw node.mismatch("index \(index) is outside an axis of \(length)")
    }
  }

  package func sources(for operands: [[Int]], outputs: [[Int]]) -> [[Int]] {
    let shape = operands[0]
    let strides = IndexWalk.strides(shape)
    func place(_ index: Int, _ axis: Int) -> Int {
      (index < 0 ? index + shape[axis] : index) * strides[axis]
    }
    var sources: [Int] = []
    sources.reserveCapacity(outputs[0].reduce(1, *))
    if node.operation == "GatherND" {
      let depth = indexShape[indexShape.count - 1]
      let inner = shape[(batchAxes + depth)...].reduce(1, *)
      let perBatch = indexShape[batchAxes..<indexShape.count - 1].reduce(1, *)
      let batchStride = batchAxes == 0 ? 0 : strides[batchAxes - 1]
      guard depth > 0 else { return [sources] }
      for tuple in 0..<indices.count / depth {
        var source = perBatch == 0 ? 0 : tuple / perBatch * batchStride
        for part in 0..<depth { source += place(indices[tuple * depth + part], batchAxes + part) }
        for i in 0..<inner { sources.append(source + i) }
      }
      return [sources]
    }
    let axis = axis < 0 ? axis + shape.count : axis
    let (outer, length, inner) = IndexWalk.split(shape, at: axis)
    if node.operation == "Gather" {
      for block in 0..<outer {
        for index in indices {
          let start = block * length * inner + place(index, axis)
          for i in 0..<inner { sources.append(start + i) }
        }
      }
      return [sources]
    }
    var next = 0
    IndexWalk.forEachIndex(indexShape) { index in
      var source = 0
      for a in index.indices where a != axis { source += index[a] * strides[a] }
      sources.append(source + place(indices[next], axis))
      next += 1
    }
    return [sources]
  }
}
