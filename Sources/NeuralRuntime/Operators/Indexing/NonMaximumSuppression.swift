package import EngineSupport
import TensorCore

/// NonMaxSuppression: boxes in the order of their scores, without those that overlap a better one too much.
package struct NonMaximumSuppression: Operator {
  package static let signatures = [
    OperatorSignature(
      "NonMaxSuppression", opsets: 10...OperatorSignature.newestOpset, operands: 2...5,
      attributes: ["center_point_box"])
  ]

  private let node: OperatorNode
  private let isCentred: Bool

  package init(_ node: OperatorNode) throws(Diagnostic) {
    self.node = node
    isCentred = try node.flag("center_point_box")
  }

  package func evaluate(
    _ operands: [RuntimeValue?], within budget: inout EvaluationBudget
  ) throws(Diagnostic) -> [RuntimeValue] {
    let boxes = try node.tensor(operands[0], 0)
    let scores = try node.tensor(operands[1], 1)
    guard boxes.rank == 3, boxes.shape[2] == 4, scores.rank == 3,
      scores.shape[0] == boxes.shape[0], scores.shape[2] == boxes.shape[1]
    else { throw node.mismatch("boxes \(boxes.shape) and scores \(scores.shape)") }
    let corners = try node.numbers(boxes, 0).reals
    let values = try node.numbers(scores, 1).reals
    func number(_ index: Int) throws(Diagnostic) -> Double? {
      guard let tensor = try node.optional(operands, index) else { return nil }
      return try node.numbers(tensor, index).reals.first
    }
    let most = Int(min(max(try number(2) ?? 0, 0), Double(boxes.shape[1])))
    let overlap = try number(3) ?? 0
    let least = try number(4)
    let count = boxes.shape[1]
    try budget.spend(values.count * max(most, 1), for: node)
    var result: [Int64] = []
    for batch in 0..<boxes.shape[0] {
      for category in 0..<scores.shape[1] {
        let start = (batch * scores.shape[1] + category) * count
        let order = (0..<count).filter { index in
          least.map { values[start + index] > $0 } ?? true
        }
        .sorted { a, b in
          let (x, y) = (values[start + a], values[start + b])
          return x == y ? a < b : x > y
        }
        var kept: [Int] = []
        for candidate in order where kept.count < most {
          let box = box(corners, batch * count + candidate)
          if kept.allSatisfy({ Self.overlap(box, self.box(corners, batch * count + $0)) <= overlap }
          ) {
            kept.append(candidate)
            result += [Int64(batch), Int64(category), Int64(candidate)]
          }
        }
      }
    }
    return [.tensor(Tensor(shape: [result.count / 3, 3], elements: result))]
  }

  private struct Box {
    var top: Double
    var left: Double
    var bottom: Double
    var right: Double
    var area: Double { (bottom - top) * (right - left) }
  }

  private func box(_ corners: [Double], _ index: Int) -> Box {
    let c = corners[index * 4..<index * 4 + 4]
    let i = c.startIndex
    if isCentred {
      return Box(
        top: c[i + 1] - c[i + 3] / 2, left: c[i] - c[i + 2] / 2, bottom: c[i + 1] + c[i + 3] / 2,
        right: c[i] + c[i + 2] / 2)
    }
    return Box(
      top: min(c[i], c[i + 2]), left: min(c[i + 1], c[i + 3]), bottom: max(c[i], c[i + 2]),
      right: max(c[i + 1], c[i + 3]))
  }

  /// The area two boxes share over the area they cover.
  private static func overlap(_ a: Box, _ b: Box) -> Double {
    let height = min(a.bottom, b.bottom) - max(a.top, b.top)
    let width = min(a.right, b.right) - max(a.left, b.left)
    guard height > 0, width > 0 else { return 0 }
    let shared = height * width
    return shared / (a.area + b.area - shared)
  }
}
