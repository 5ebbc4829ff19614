/// What the planner checks of a node before its operator is made: name, versions, inputs, attributes.
package struct OperatorSignature: Sendable {
  /// The newest operator set whose semantics these operators were checked against.
  package static let newestOpset = 22

  package var operation: String
  package var opsets: ClosedRange<Int>
  /// How many tensors flow through the operator; they are its first inputs.
  package var operands: ClosedRange<Int>
  /// Inputs after the operands that must be constants, because shapes or meaning depend on them.
  package var parameters: [String]
  package var attributes: Set<String>

  package init(
    _ operation: String, opsets: ClosedRange<Int> = 7...newestOpset,
    operands: ClosedRange<Int> = 1...1, parameters: [String] = [], attributes: Set<String> = []
  ) {
    self.operation = operation
    self.opsets = opsets
    self.operands = operands
    self.parameters = parameters
    self.attributes = attributes
  }
}
