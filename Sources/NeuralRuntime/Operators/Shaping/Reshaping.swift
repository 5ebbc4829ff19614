package import EngineSupport
package import TensorCore

/// The same elements under another shape: Flatten, Reshape, Squeeze, Unsqueeze.
package struct Reshaping: RearrangingOperator {
  package static let signatures = [
    OperatorSignature("Flatten", attributes: ["axis"]),
    OperatorSignature("Reshape", parameters: ["shape"], attributes: ["allowzero"]),
    OperatorSignature("Squeeze", opsets: 7...12, attributes: ["axes"]),
    OperatorSignature(
      "Squeeze", opsets: 13...OperatorSignature.newestOpset, parameters: ["axes"]),
    OperatorSignature("Unsqueeze", opsets: 7...12, attributes: ["axes"]),
    OperatorSignature(
      "Unsqueeze", opsets: 13...OperatorSignature.newestOpset, parameters: ["axes"]),
  ]

  private enum Rule {
    case flatten(axis: Int)
    /// 0 copies a dimension of the operand, −1 takes what is left.
    case reshape([Int])
    case squeeze(axes: [Int]?)
    case unsqueeze(axes: [Int])
    /// The operand's rows, each under this shape.
    case rows([Int])
  }

  private var rule: Rule
  /// Whether 0 is a length of its own instead of the operand's.
  private var takesZero = false
  package let node: OperatorNode

  package init(_ node: OperatorNode) throws(Diagnostic) {
    self.node = node
    let axes = node.opset < 13 ? try node.ints("axes") : try node.parameterInts("axes")
    switch node.operation {
    case "Flatten": rule = .flatten(axis: try node.int("axis") ?? 1)
    case "Squeeze": rule = .squeeze(axes: axes)
    case "Unsqueeze":
      guard let axes else { throw node.invalidAttribute("axes", "present") }
      rule = .unsqueeze(axes: axes)
    default:
      guard let shape = try node.parameterInts("shape") else {
        throw node.mismatch("the new shape is missing")
      }
      takesZero = try node.flag("allowzero")
      rule = .reshape(shape)
    }
  }

  package func outputShapes(for operands: [[Int]]) throws(Diagnostic) -> [[Int]] {
    let shape = operands[0]
    switch rule {
    case .flatten(let axis):
      let axis = try node.axis(axis, rank: shape.count, includingEnd: true)
      return [[shape[..<axis].reduce(1, *), shape[axis...].reduce(1, *)]]
    case .reshape(let target):
      return [try resolve(target, for: shape)]
    case .squeeze(nil):
      return [shape.filter { $0 != 1 }]
    case .squeeze(let axes?):
      let dropped = try normalized(axes, rank: shape.count)
      guard dropped.allSatisfy({ shape[$0] == 1 }) else {
        throw node.mismatch("axes \(axes) of \(shape) are not all 1")
      }
      return [shape.indices.filter { !dropped.contains($0) }.map { shape[$0] }]
    case .unsqueeze(let axes):
      guard axes.count <= NetworkLimits.rank else { throw node.unsupported("too many axes") }
      let added = try normalized(axes, rank: shape.count + axes.count)
      var rest = shape[...]
      return [
        (0..<shape.count + axes.count).map { added.contains($0) ? 1 : rest.removeFirst() }
      ]
    case .rows(let row):
      return [[shape[0]] + row]
    }
  }

  private func normalized(_ axes: [Int], rank: Int) throws(Diagnostic) -> Set<Int> {
    var result: Set<Int> = []
    for axis in axes {
      guard result.insert(try node.axis(axis, rank: rank)).inserted else {
        throw node.mismatch("axes \(axes) name an axis twice")
      }
    }
    return result
  }

  private func resolve(_ target: [Int], for shape: [Int]) throws(Diagnostic) -> [Int] {
    let wrong = node.mismatch("\(shape) cannot become \(target)")
    guard target.count <= NetworkLimits.rank else { throw wrong }
    var result: [Int] = []
    for (axis, dimension) in target.enumerated() {
      let isCopy = dimension == 0 && !takesZero
      guard !isCopy || axis < shape.count else { throw wrong }
      result.append(isCopy ? shape[axis] : dimension)
    }
    let count = shape.reduce(1, *)
    if let free = result.firstIndex(of: -1) {
      result[free] = 1
      guard result.allSatisfy({ $0 >= 0 }), let known = NetworkLimits.volume(result), known > 0,
        count % known == 0
      else { throw wrong }
      result[free] = count / known
    }
    guard result.allSatisfy({ $0 >= 0 }), NetworkLimits.volume(result) == count else {
      throw wrong
    }
    return result
  }

  package func rowwise(_ operands: [OperandShape]) -> (any RealOperator)? {
    guard let shape = operands.first?.shape, shape.first == 1,
      let output = try? outputShapes(for: [shape])[0], output.first == 1
    else { return nil }
    // Only an operator that keeps axis 0 in place for every batch is taken: a squeeze or unsqueeze
    // that moves it is not the same function of more rows.
    switch rule {
    case .flatten(let axis):
      guard axis == 1 || axis + shape.count == 1 else { return nil }
    case .squeeze(let axes):
      guard let axes, !axes.contains(0), !axes.contains(-shape.count) else { return nil }
    case .unsqueeze(let axes):
      let rank = shape.count + axes.count
      guard !axes.contains(0), !axes.contains(-rank) else { return nil }
    case .reshape, .rows: break
    }
    var result = self
    result.rule = .rows(Array(output.dropFirst()))
    return result
  }

  package func evaluate(
    _ operands: [RuntimeValue?], within budget: inout EvaluationBudget
  ) throws(Diagnostic) -> [RuntimeValue] {
    let tensor = try node.tensors(operands)[0]
    return [.tensor(tensor.withShape(try outputShapes(for: [tensor.shape])[0]))]
  }

  package func keepsElements(_ operands: [[Int]], varying: [Bool]) -> Bool { true }

  package func sources(for operands: [[Int]], outputs: [[Int]]) -> [[Int]] {
    [Array(0..<operands[0].reduce(1, *))]
  }

  package func forward<S: KernelScalar>(
    _ operands: [Tensor<S>], by path: KernelPath
  ) -> [Tensor<S>] {
    guard let shape = try? outputShapes(for: [operands[0].shape])[0] else {
      preconditionFailure("shapes were checked when the network was planned")
    }
    return [operands[0].reshaped(to: shape)]
  }

  package func interval(_ operands: [IntervalTensor]) -> [IntervalTensor] {
    guard let shape = try? outputShapes(for: [operands[0].shape])[0] else {
      preconditionFailure("shapes were checked when the network was planned")
    }
    return [operands[0].reshaped(to: shape)]
  }

  package func vjp<S: KernelScalar>(
    _ cotangents: [Tensor<S>], at record: OperatorRecord<S>, by path: KernelPath
  ) -> [Tensor<S>?] {
    [cotangents[0].reshaped(to: record.operands[0].shape)]
  }
}
