package import EngineSupport
package import ONNXFormat

/// Every operator family, sorted by name: a new family is one file in `Operators` and one line here.
package struct OperatorRegistry: Sendable {
  package static let families: [any Operator.Type] = [
    Activation.self,
    AffineGridding.self,
    Arithmetic.self,
    AveragePooling.self,
    BatchNormalization.self,
    BlockRearrangement.self,
    Branching.self,
    ColumnFolding.self,
    Comparison.self,
    Concatenation.self,
    Conversion.self,
    Convolution.self,
    Creation.self,
    Cropping.self,
    CumulativeSum.self,
    Dequantization.self,
    Determinant.self,
    DynamicQuantization.self,
    EinsteinSummation.self,
    ElementaryFunction.self,
    Extremum.self,
    ExtremumSearch.self,
    FeatureEncoding.self,
    FeatureScaling.self,
    FeatureStandardization.self,
    FourierTransform.self,
    Gathering.self,
    GeneralMatrixProduct.self,
    GridSampling.self,
    HardMaximum.self,
    IntegerProduct.self,
    LabelEncoding.self,
    LengthNormalization.self,
    LinearModel.self,
    LocalResponseNormalization.self,
    Looping.self,
    Loss.self,
    MatrixMultiplication.self,
    MaximumPooling.self,
    MelWeighting.self,
    MomentNormalization.self,
    NonMaximumSuppression.self,
    Padding.self,
    ParametricRelu.self,
    Passing.self,
    Picking.self,
    Power.self,
    PowerPooling.self,
    Predicate.self,
    Quantization.self,
    QuantizedFunction.self,
    Ranking.self,
    RecurrentLayer.self,
    Reduction.self,
    RegionPooling.self,
    Remainder.self,
    Repetition.self,
    Resampling.self,
    Reshaping.self,
    Scanning.self,
    Scattering.self,
    Selection.self,
    SequenceHandling.self,
    SequenceMapping.self,
    SequenceReversal.self,
    ShapeReading.self,
    Slicing.self,
    Softmax.self,
    Splitting.self,
    SupportVectorMachine.self,
    TermFrequency.self,
    TextHandling.self,
    TransposedConvolution.self,
    Transposition.self,
    TreeEnsemble.self,
    Triangle.self,
    TypeMatching.self,
    Unpooling.self,
    WindowFunction.self,
  ]

  package static let standard = OperatorRegistry(families)

  private struct Key: Hashable {
    var domain: String
    var operation: String
  }

  private let entries: [Key: [(signature: OperatorSignature, family: any Operator.Type)]]

  package init(_ families: [any Operator.Type]) {
    var entries: [Key: [(signature: OperatorSignature, family: any Operator.Type)]] = [:]
    for family in families {
      for signature in family.signatures {
        let key = Key(domain: signature.domain, operation: signature.operation)
        entries[key, default: []].append((signature, family))
      }
    }
    self.entries = entries
  }

  package func entry(
    for operation: String, domain: String = "", opset: Int
  ) -> (signature: OperatorSignature, family: any Operator.Type)? {
    entries[Key(domain: domain, operation: operation)]?
      .first { $0.signature.opsets.contains(opset) }
  }

  /// Why a node cannot be computed, before anything of its values is known; nil if it can.
  package func refusal(of node: ONNXNode, opset: Int) -> Diagnostic? {
    let reader = OperatorNode(node, opset: opset)
    if node.domain.isEmpty, node.operation == ConstantNode.operation { return nil }
    guard let known = entries[Key(domain: node.domain, operation: node.operation)] else {
      return node.domain.isEmpty
        ? reader.unsupported("unknown operator")
        : Diagnostic(
          "onnx.operator.unsupported",
          "\(node.operation) of domain \(node.domain) (version \(opset))", at: node.location)
    }
    guard let entry = known.first(where: { $0.signature.opsets.contains(opset) }) else {
      let first = known.map(\.signature.opsets.lowerBound).min() ?? 0
      let last = known.map(\.signature.opsets.upperBound).max() ?? 0
      return reader.unsupported("supported in opsets \(first) to \(last)")
    }
    let unknown = node.attributes.keys.filter { !entry.signature.attributes.contains($0) }
    if let name = unknown.min() { return reader.unsupported("attribute \(name)") }
    let others = node.outputs.dropFirst(entry.signature.results).filter { !$0.isEmpty }
    if let name = others.first { return reader.unsupported("optional output \(name)") }
    return nil
  }
}
