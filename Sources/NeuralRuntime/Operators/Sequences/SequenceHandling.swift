package import EngineSupport
import TensorCore

/// Lists of tensors: SequenceConstruct, SequenceAt, SplitToSequence and their like, and the optional type.
package struct SequenceHandling: Operator {
  package static let signatures = [
    OperatorSignature(
      "ConcatFromSequence", opsets: 11...OperatorSignature.newestOpset,
      attributes: ["axis", "new_axis"]),
    OperatorSignature("Optional", opsets: 15...OperatorSignature.newestOpset, operands: 0...1),
    OperatorSignature("OptionalGetElement", opsets: 15...OperatorSignature.newestOpset),
    OperatorSignature(
      "OptionalHasElement", opsets: 15...OperatorSignature.newestOpset, operands: 0...1),
    OperatorSignature(
      "SequenceAt", opsets: 11...OperatorSignature.newestOpset, operands: 2...2),
    OperatorSignature(
      "SequenceConstruct", opsets: 11...OperatorSignature.newestOpset, operands: 1...4_096),
    OperatorSignature(
      "SequenceEmpty", opsets: 11...OperatorSignature.newestOpset, operands: 0...0,
      attributes: ["dtype"]),
    OperatorSignature(
      "SequenceErase", opsets: 11...OperatorSignature.newestOpset, operands: 1...2),
    OperatorSignature(
      "SequenceInsert", opsets: 11...OperatorSignature.newestOpset, operands: 2...3),
    OperatorSignature("SequenceLength", opsets: 11...OperatorSignature.newestOpset),
    OperatorSignature(
      "SplitToSequence", opsets: 11...OperatorSignature.newestOpset, operands: 1...2,
      attributes: ["axis", "keepdims"]),
  ]

  private let node: OperatorNode
  private let axis: Int
  private let addsAxis: Bool
  private let keepsAxis: Bool

  package init(_ node: OperatorNode) throws(Diagnostic) {
    self.node = node
    axis = try node.int("axis") ?? 0
    addsAxis = try node.flag("new_axis")
    keepsAxis = try node.int("keepdims") ?? 1 != 0
  }

  package func evaluate(
    _ operands: [RuntimeValue?], within budget: inout EvaluationBudget
  ) throws(Diagnostic) -> [RuntimeValue] {
    let first = operands.first ?? nil
    switch node.operation {
    case "Optional": return [first ?? .absent]
    case "OptionalHasElement":
      var isThere = first != nil
      if case .absent? = first { isThere = false }
      return [.tensor(Tensor(shape: [], elements: [isThere]))]
    case "OptionalGetElement":
      guard let first else { throw node.mismatch("the input is left out") }
      if case .absent = first { throw node.mismatch("the optional has no element") }
      return [first]
    case "SequenceEmpty": return [.sequence([])]
    case "SequenceConstruct": return [.sequence(try node.tensors(operands).map { .tensor($0) })]
    case "SplitToSequence": return [.sequence(try split(operands, within: &budget))]
    default: break
    }
    guard case .sequence(var values)? = first else {
      throw node.wrongType("input 0 is no sequence")
    }
    func position(_ index: Int, limit: Int) throws(Diagnostic) -> Int? {
      guard let tensor = try node.optional(operands, index) else { return nil }
      guard let number = try node.integers(tensor, index).first, number >= -values.count,
        number < limit
      else { throw node.mismatch("a place outside the \(values.count) elements") }
      return number < 0 ? number + values.count : number
    }
    switch node.operation {
    case "SequenceLength":
      return [.tensor(Tensor(shape: [], elements: [Int64(values.count)]))]
    case "SequenceAt":
      guard let place = try position(1, limit: values.count) else {
        throw node.mismatch("the place is left out")
      }
      return [values[place]]
    case "SequenceErase":
      guard !values.isEmpty else { throw node.mismatch("the sequence is empty") }
      let last = values.count - 1
      values.remove(at: try position(1, limit: values.count) ?? last)
      return [.sequence(values)]
    case "SequenceInsert":
      guard operands.count > 1, let new = operands[1], let tensor = new.tensor else {
        throw node.mismatch("the new element is left out or is no tensor")
      }
      try budget.claim(tensor.shape, for: node, work: values.count)
      let end = values.count
      values.insert(new, at: try position(2, limit: end + 1) ?? end)
      return [.sequence(values)]
    default: return [.tensor(try joined(values, within: &budget))]
    }
  }

  private func split(
    _ operands: [RuntimeValue?], within budget: inout EvaluationBudget
  ) throws(Diagnostic) -> [RuntimeValue] {
    let tensor = try node.tensor(operands[0], 0)
    let shape = tensor.shape
    let axis = try node.axis(axis, rank: shape.count)
    var lengths = [Int](repeating: 1, count: min(shape[axis], NetworkLimits.rounds))
    let parts = try node.optional(operands, 1)
    if let parts {
      let numbers = try node.integers(parts, 1)
      guard numbers.allSatisfy({ $0 >= 0 && $0 <= shape[axis] }) else {
        throw node.mismatch("parts of \(numbers.prefix(8))")
      }
      lengths = numbers
      if parts.rank == 0, let size = numbers.first, size > 0 {
        lengths = stride(from: 0, to: shape[axis], by: size).map { min(size, shape[axis] - $0) }
      }
    }
    guard lengths.reduce(0, +) == shape[axis] else {
      throw node.mismatch("the parts do not make up \(shape[axis])")
    }
    try budget.claim(shape, for: node)
    let strides = IndexWalk.strides(shape)
    var start = 0
    return lengths.map { length in
      var part = shape
      part[axis] = length
      let positions = IndexWalk.positions(part, strides: strides, offset: start * strides[axis])
      start += length
      if parts == nil, !keepsAxis { part.remove(at: axis) }
      return .tensor(tensor.gathering(positions, shape: part))
    }
  }

  private func joined(
    _ values: [RuntimeValue], within budget: inout EvaluationBudget
  ) throws(Diagnostic) -> any AnyTensor {
    var tensors = try node.tensors(values)
    guard let first = tensors.first else { throw node.mismatch("the sequence is empty") }
    let axis = try node.axis(axis, rank: first.rank + (addsAxis ? 1 : 0))
    if addsAxis {
      tensors = tensors.map { tensor in
        var shape = tensor.shape
        shape.insert(1, at: min(axis, shape.count))
        return tensor.withShape(shape)
      }
    }
    let joining = try Concatenation(joining: node, axis: axis)
    guard
      let result = try joining.evaluate(tensors.map { .tensor($0) }, within: &budget)[0].tensor
    else { throw node.wrongTypes(tensors) }
    return result
  }
}
