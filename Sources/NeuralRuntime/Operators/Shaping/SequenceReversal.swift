package import EngineSupport
import TensorCore

/// ReverseSequence: the first elements of each row of a batch in the opposite order.
package struct SequenceReversal: RearrangingOperator {
  package static let signatures = [
    OperatorSignature(
      "ReverseSequence", opsets: 10...OperatorSignature.newestOpset,
      parameters: ["sequence_lens"], attributes: ["batch_axis", "time_axis"])
  ]

  package let node: OperatorNode
  private let lengths: [Int]
  private let batchAxis: Int
  private let timeAxis: Int

  package init(_ node: OperatorNode) throws(Diagnostic) {
    self.node = node
    guard let lengths = try node.parameterInts("sequence_lens") else {
      throw node.mismatch("sequence_lens is missing")
    }
    self.lengths = lengths
    batchAxis = try node.int("batch_axis") ?? 1
    timeAxis = try node.int("time_axis") ?? 0
  }

  package func outputShapes(for operands: [[Int]]) throws(Diagnostic) -> [[Int]] {
    let shape = operands[0]
    guard shape.count >= 2, Set([batchAxis, timeAxis]) == [0, 1],
      lengths.count == shape[batchAxis],
      lengths.allSatisfy({ $0 >= 0 && $0 <= shape[timeAxis] })
    else { throw node.mismatch("lengths \(lengths.prefix(8)) do not fit \(shape)") }
    return [shape]
  }

  package func sources(for operands: [[Int]], outputs: [[Int]]) -> [[Int]] {
    let shape = operands[0]
    let inner = shape[2...].reduce(1, *)
    return [
      (0..<shape.reduce(1, *)).map { place in
        var index = [place / inner / shape[1], place / inner % shape[1]]
        let length = lengths[index[batchAxis]]
        if index[timeAxis] < length { index[timeAxis] = length - 1 - index[timeAxis] }
        return (index[0] * shape[1] + index[1]) * inner + place % inner
      }
    ]
  }
}
