/// What the planner checks of a node before its operator is made: name, versions, inputs, attributes.
package struct OperatorSignature: Sendable {
  /// The newest operator set whose semantics these operators were checked against.
  package static let newestOpset = 22
  /// The newest version of the domain ai.onnx.ml, likewise.
  package static let newestMachineLearningOpset = 5

  package var domain: String
  package var operation: String
  package var opsets: ClosedRange<Int>
  /// How many tensors flow through the operator; they are its first inputs.
  package var operands: ClosedRange<Int>
  /// Inputs that shapes or meaning depend on, after the operands: a planned network needs them constant, and
  /// a model that runs makes its operator anew when they change.
  package var parameters: [String]
  /// Parameters that stand between the operands, by position.
  package var placed: [Int: String]
  package var attributes: Set<String>
  /// How many outputs can be asked for.
  package var results: Int

  package init(
    _ operation: String, domain: String = "", opsets: ClosedRange<Int>? = nil,
    operands: ClosedRange<Int> = 1...1, parameters: [String] = [], placed: [Int: String] = [:],
    attributes: Set<String> = [], results: Int = 1
  ) {
    self.domain = domain
    self.operation = operation
    self.placed = placed
    self.results = results
    self.opsets =
      opsets ?? (domain.isEmpty ? 7...Self.newestOpset : 1...Self.newestMachineLearningOpset)
    self.operands = operands
    self.parameters = parameters
    self.attributes = attributes
  }

  /// Where each input goes: the name of a parameter, or nil for an operand.
  package func roles(of count: Int) -> [String?] {
    var operandsLeft = operands.upperBound
    var rest = parameters[...]
    return (0..<count).map { position in
      if let name = placed[position] { return name }
      if operandsLeft > 0 {
        operandsLeft -= 1
        return nil
      }
      return rest.popFirst()
    }
  }

  /// The most inputs a node can have.
  package var inputLimit: Int { operands.upperBound + placed.count + parameters.count }
}
