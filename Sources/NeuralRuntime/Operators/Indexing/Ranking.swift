package import EngineSupport
package import TensorCore

/// TopK: the greatest or least elements along an axis, with their places. Of equals the first comes first;
/// NaN counts as greatest.
package struct Ranking: RealOperator {
  package static let signatures = [
    OperatorSignature("TopK", opsets: 7...9, attributes: ["axis", "k"], results: 2),
    OperatorSignature(
      "TopK", opsets: 10...OperatorSignature.newestOpset, parameters: ["k"],
      attributes: ["axis", "largest", "sorted"], results: 2),
  ]

  package let node: OperatorNode
  private let axis: Int
  private let count: Int?
  private let isLargest: Bool
  private let isSorted: Bool

  package init(_ node: OperatorNode) throws(Diagnostic) {
    self.node = node
    axis = try node.int("axis") ?? -1
    let own = try node.int("k")
    let given = try node.parameterInts("k")?.first
    count = own ?? given
    isLargest = try node.int("largest") ?? 1 != 0
    isSorted = try node.int("sorted") ?? 1 != 0
  }

  /// The places are whole numbers.
  package func isReal(output: Int) -> Bool { output == 0 }

  package var scoresDecideLabels: Bool { false }

  package func outputShapes(for operands: [[Int]]) throws(Diagnostic) -> [[Int]] {
    let axis = try node.axis(axis, rank: operands[0].count)
    guard let count, (0...operands[0][axis]).contains(count) else {
      throw node.mismatch("\(count ?? -1) elements of an axis of \(operands[0][axis])")
    }
    var shape = operands[0]
    shape[axis] = count
    return [shape]
  }

  package func work(for operands: [[Int]], outputs: [[Int]]) -> Int {
    operands[0].reduce(32, *)
  }

  package func rowwise(_ operands: [OperandShape]) -> (any RealOperator)? {
    axis != 0 && axis + operands[0].shape.count != 0 ? self : nil
  }

  package func evaluate(
    _ operands: [RuntimeValue?], within budget: inout EvaluationBudget
  ) throws(Diagnostic) -> [RuntimeValue] {
    let tensor = try node.tensors(operands)[0]
    let numbers = try node.numbers(tensor, 0)
    let shape = try outputShapes(for: [numbers.shape])[0]
    try budget.claim(shape, for: node, work: numbers.shape.reduce(32, *))
    let sources: [Int]
    if let integers = (numbers as? any IntegerTensor)?.integers {
      sources = ranked(numbers.shape) { a, b in
        integers[a] == integers[b] ? a < b : (integers[a] > integers[b]) == isLargest
      }
    } else {
      sources = ranked(numbers.shape, numbers.reals)
    }
    let axis = axis < 0 ? axis + shape.count : axis
    let (_, length, inner) = IndexWalk.split(numbers.shape, at: axis)
    let places = sources.map { Int64($0 / max(inner, 1) % max(length, 1)) }
    return [
      .tensor(tensor.gathering(sources, shape: shape)),
      .tensor(Tensor(shape: shape, elements: places)),
    ]
  }

  private func ranked(_ shape: [Int], _ reals: [Double]) -> [Int] {
    ranked(shape) { a, b in
      let (x, y) = (reals[a], reals[b])
      if x.isNaN || y.isNaN { return x.isNaN && y.isNaN ? a < b : x.isNaN == isLargest }
      return x == y ? a < b : (x > y) == isLargest
    }
  }

  /// The first elements along the axis in this order, by their places in the whole tensor.
  private func ranked(_ shape: [Int], _ isBefore: (Int, Int) -> Bool) -> [Int] {
    let axis = axis < 0 ? axis + shape.count : axis
    let (outer, length, inner) = IndexWalk.split(shape, at: axis)
    let count = count ?? 0
    var sources = [Int](repeating: 0, count: outer * count * inner)
    for block in 0..<outer {
      for column in 0..<inner {
        let start = block * length * inner + column
        let order = (0..<length).map { start + $0 * inner }.sorted(by: isBefore)
        for rank in 0..<count { sources[(block * count + rank) * inner + column] = order[rank] }
      }
    }
    return sources
  }

  package func forward<S: KernelScalar>(
    _ operands: [Tensor<S>], by path: KernelPath
  ) -> [Tensor<S>] {
    let x = operands[0]
    let elements = ranked(x.shape, x.elements.map(\.real)).map { x.elements[$0] }
    return [Tensor(shape: shape(of: x.shape), elements: elements)]
  }

  private func shape(of operand: [Int]) -> [Int] {
    guard let shapes = try? outputShapes(for: [operand]) else {
      preconditionFailure("shapes were checked when the network was planned")
    }
    return shapes[0]
  }
}

/// Each gradient goes back to the element that was chosen.
extension Ranking: DifferentiableOperator {
  package func vjp<S: KernelScalar>(
    _ cotangents: [Tensor<S>], at record: OperatorRecord<S>, by path: KernelPath
  ) -> [Tensor<S>?] {
    let x = record.operands[0]
    var gradient = [S](repeating: 0, count: x.count)
    for (source, g) in zip(ranked(x.shape, x.elements.map(\.real)), cotangents[0].elements) {
      gradient[source] = g
    }
    return [Tensor(shape: x.shape, elements: gradient)]
  }
}

/// The element of a rank lies between those of the same rank among the lower and the upper ends.
extension Ranking: IntervalOperator {
  package func interval(_ operands: [IntervalTensor]) -> [IntervalTensor] {
    var low = forward([operands[0].lower], by: .fastest)[0]
    var high = forward([operands[0].upper], by: .fastest)[0]
    if !isSorted {
      // Any of the chosen may stand anywhere.
      low = spread(low, takesFirst: !isLargest)
      high = spread(high, takesFirst: isLargest)
    }
    return [IntervalTensor(lower: low, upper: high)]
  }

  /// The first or the last rank's elements in place of all.
  private func spread(_ ranked: Tensor<Double>, takesFirst: Bool) -> Tensor<Double> {
    let axis = axis < 0 ? axis + ranked.shape.count : axis
    let (outer, count, inner) = IndexWalk.split(ranked.shape, at: axis)
    var result = ranked
    for block in 0..<outer {
      for rank in 0..<count {
        for column in 0..<inner {
          let source = (block * count + (takesFirst ? 0 : count - 1)) * inner + column
          result.elements[(block * count + rank) * inner + column] = ranked.elements[source]
        }
      }
    }
    return result
  }
}
