package import EngineSupport
import TensorCore

/// TopK: the greatest or least elements along an axis, with their places. Of equals the first comes first;
/// NaN counts as greatest.
package struct Ranking: Operator {
  package static let signatures = [
    OperatorSignature("TopK", opsets: 7...9, attributes: ["axis", "k"], results: 2),
    OperatorSignature(
      "TopK", opsets: 10...OperatorSignature.newestOpset, operands: 2...2,
      attributes: ["axis", "largest", "sorted"], results: 2),
  ]

  private let node: OperatorNode
  private let axis: Int
  private let count: Int?
  private let isLargest: Bool

  package init(_ node: OperatorNode) throws(Diagnostic) {
    self.node = node
    axis = try node.int("axis") ?? -1
    count = try node.int("k")
    isLargest = try node.int("largest") ?? 1 != 0
  }

  package func evaluate(
    _ operands: [RuntimeValue?], within budget: inout EvaluationBudget
  ) throws(Diagnostic) -> [RuntimeValue] {
    let tensors = try node.tensors(operands)
    let numbers = try node.numbers(tensors[0], 0)
    let shape = numbers.shape
    let axis = try node.axis(axis, rank: shape.count)
    var wanted = count
    if tensors.count > 1 { wanted = try node.integers(tensors[1], 1).first }
    guard let count = wanted, (0...shape[axis]).contains(count) else {
      throw node.mismatch("\(wanted ?? -1) elements of an axis of \(shape[axis])")
    }
    let (outer, length, inner) = IndexWalk.split(shape, at: axis)
    var result = shape
    result[axis] = count
    try budget.claim(result, for: node, work: shape.reduce(32, *))
    let (reals, integers) = (numbers.reals, numbers.integers)
    let isInteger = numbers is any IntegerTensor
    func isBefore(_ a: Int, _ b: Int) -> Bool {
      if isInteger {
        return integers[a] == integers[b]
          ? a < b : (integers[a] > integers[b]) == isLargest
      }
      let (x, y) = (reals[a], reals[b])
      if x.isNaN || y.isNaN { return x.isNaN && y.isNaN ? a < b : x.isNaN == isLargest }
      return x == y ? a < b : (x > y) == isLargest
    }
    var sources = [Int](repeating: 0, count: outer * count * inner)
    var places = [Int64](repeating: 0, count: sources.count)
    for block in 0..<outer {
      for column in 0..<inner {
        let start = block * length * inner + column
        let order = (0..<length).map { start + $0 * inner }.sorted(by: isBefore)
        for rank in 0..<count {
          let target = (block * count + rank) * inner + column
          sources[target] = order[rank]
          places[target] = Int64((order[rank] - start) / max(inner, 1))
        }
      }
    }
    return [
      .tensor(tensors[0].gathering(sources, shape: result)),
      .tensor(Tensor(shape: result, elements: places)),
    ]
  }
}
