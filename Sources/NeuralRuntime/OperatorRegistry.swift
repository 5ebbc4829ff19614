/// Every operator family, sorted by name: a new family is one file in `Operators` and one line here.
package struct OperatorRegistry: Sendable {
  package static let families: [any Operator.Type] = [
    Activation.self,
    Arithmetic.self,
    AveragePooling.self,
    BatchNormalization.self,
    Concatenation.self,
    Convolution.self,
    GeneralMatrixProduct.self,
    MatrixMultiplication.self,
    MaximumPooling.self,
    Passing.self,
    Reshaping.self,
    Softmax.self,
    Transposition.self,
  ]

  package static let standard = OperatorRegistry(families)

  private let entries: [String: [(signature: OperatorSignature, family: any Operator.Type)]]

  package init(_ families: [any Operator.Type]) {
    var entries: [String: [(signature: OperatorSignature, family: any Operator.Type)]] = [:]
    for family in families {
      for signature in family.signatures {
        entries[signature.operation, default: []].append((signature, family))
      }
    }
    self.entries = entries
  }

  package func entry(
    for operation: String, opset: Int
  ) -> (signature: OperatorSignature, family: any Operator.Type)? {
    entries[operation]?.first { $0.signature.opsets.contains(opset) }
  }

  /// The operator sets in which `operation` is supported, for messages; nil if it is unknown.
  package func opsets(of operation: String) -> ClosedRange<Int>? {
    guard let known = entries[operation],
      let first = known.map(\.signature.opsets.lowerBound).min(),
      let last = known.map(\.signature.opsets.upperBound).max()
    else { return nil }
    return first...last
  }
}
