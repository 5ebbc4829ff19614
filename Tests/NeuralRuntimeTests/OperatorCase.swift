import EngineSupport
import NeuralRuntime
import ONNXFormat
import TensorCore

/// One call of an operator that the contract suite checks.
struct OperatorCase: Sendable, CustomStringConvertible {
  var node: ONNXNode
  var opset: Int
  var parameters: [String: ONNXTensor]
  var shapes: [[Int]]
  /// Which operands carry the batch on axis 0; empty where rows are not expected to stay apart.
  var batched: [Bool]
  /// Operands that must stay positive (divisors, variances).
  var positive: Set<Int>
  /// Operands without a gradient to check, because the function steps there.
  var ungraded: Set<Int> = []
  /// How many outputs carry gradients, from the first on.
  var gradedOutputs = Int.max

  /// A case without kinks near its points, or with operands in another range.
  func with(ungraded: Set<Int> = [], gradedOutputs: Int = .max, outputs: Int = 1) -> OperatorCase {
    var result = self
    result.ungraded = ungraded
    result.gradedOutputs = gradedOutputs
    result.node.outputs = (0..<outputs).map { "y\($0)" }
    return result
  }

  /// Values moved into this range.
  var range: ClosedRange<Double>?

  func within(_ range: ClosedRange<Double>) -> OperatorCase {
    var result = self
    result.range = range
    return result
  }

  init(
    _ operation: String, _ shapes: [[Int]], _ attributes: [String: ONNXAttribute] = [:],
    opset: Int = 17, parameters: [String: ONNXTensor] = [:], batched: [Bool]? = nil,
    positive: Set<Int> = [], domain: String = ""
  ) {
    node = TestModel.node(operation, [], ["y"], attributes, name: "case", domain: domain)
    self.opset = opset
    self.parameters = parameters
    self.shapes = shapes
    self.batched = batched ?? [true] + Array(repeating: false, count: shapes.count - 1)
    self.positive = positive
  }

  var description: String {
    let attributes = node.attributes.keys.sorted().map { "\($0)=\(node.attributes[$0]!)" }
    return "\(node.operation) opset \(opset) \(shapes) \(attributes)"
  }

  func makeOperator() throws -> any RealOperator {
    guard
      let entry = OperatorRegistry.standard.entry(
        for: node.operation, domain: node.domain, opset: opset)
    else {
      throw Diagnostic("test", "unknown operator \(node.operation)")
    }
    let made = try entry.family.init(
      OperatorNode(node, opset: opset, parameters: parameters.mapValues(\.values)))
    guard let result = made as? any RealOperator else {
      throw Diagnostic("test", "\(node.operation) has no plan")
    }
    return result
  }

  /// nil for an operator that has an interval form only.
  func makeDifferentiable() throws -> (any DifferentiableOperator)? {
    try makeOperator() as? any DifferentiableOperator
  }

  /// Distinct values on a grid that keeps away from 0 and 1 and from each other, so that no kink or tie is near.
  func values(_ shape: [Int], operand: Int, _ random: inout SeededRandom) -> [Double] {
    let count = shape.reduce(1, *)
    var order = Array(0..<count)
    order.shuffle(using: &random)
    return order.map {
      // Operands lie apart from each other too.
      let place = Double($0) - Double(count / 2) + 0.37 + 0.11 * Double(operand)
      let value = place * (4.1 / Double(count))
      if let range, operand == 0 {
        return range.lowerBound + (range.upperBound - range.lowerBound) * (value + 2.06) / 4.12
      }
      return positive.contains(operand) ? abs(value) + 0.5 : value
    }
  }

  func operands(_ random: inout SeededRandom, rows: Int = 1) -> [Tensor<Double>] {
    shapes.indices.map { index in
      var shape = shapes[index]
      if rows > 1, batched[index] { shape[0] = rows }
      return Tensor(shape: shape, elements: values(shape, operand: index, &random))
    }
  }
}
