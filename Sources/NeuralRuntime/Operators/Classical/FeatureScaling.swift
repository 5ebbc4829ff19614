package import EngineSupport
import TensorCore

/// Binarizer and Imputer: each feature by itself.
package struct FeatureScaling: Operator {
  package static let signatures = [
    OperatorSignature("Binarizer", domain: "ai.onnx.ml", attributes: ["threshold"]),
    OperatorSignature(
      "Imputer", domain: "ai.onnx.ml",
      attributes: [
        "imputed_value_floats", "imputed_value_int64s", "replaced_value_float",
        "replaced_value_int64",
      ]),
  ]

  private let node: OperatorNode
  private let threshold: Float
  private let imputedFloats: [Float]
  private let imputedIntegers: [Int]
  private let replacedFloat: Float
  private let replacedInteger: Int

  package init(_ node: OperatorNode) throws(Diagnostic) {
    self.node = node
    threshold = Float(try node.float("threshold") ?? 0)
    imputedFloats = try node.floats("imputed_value_floats") ?? []
    imputedIntegers = try node.ints("imputed_value_int64s") ?? []
    replacedFloat = Float(try node.float("replaced_value_float") ?? 0)
    replacedInteger = try node.int("replaced_value_int64") ?? 0
  }

  package func evaluate(
    _ operands: [RuntimeValue?], within budget: inout EvaluationBudget
  ) throws(Diagnostic) -> [RuntimeValue] {
    let tensor = try node.numbers(try node.tensors(operands)[0], 0)
    let shape = tensor.shape
    try budget.claim(shape, for: node)
    let width = shape.last ?? 1
    func pick<T>(_ values: [T], _ place: Int) -> T { values[values.count == 1 ? 0 : place % width] }
    func check(_ count: Int, _ name: String) throws(Diagnostic) {
      guard count == 1 || count == width else {
        throw node.mismatch("\(name) has \(count) numbers for \(width) features")
      }
    }
    switch node.operation {
    case "Binarizer":
      return [.tensor(binary(tensor))]
    default:
      if let integers = tensor as? Tensor<Int64> {
        try check(imputedIntegers.count, "imputed_value_int64s")
        let x = integers.elements
        return [
          .tensor(
            Tensor(
              shape: shape,
              elements: x.indices.map {
                x[$0] == Int64(replacedInteger) ? Int64(pick(imputedIntegers, $0)) : x[$0]
              }))
        ]
      }
      try check(imputedFloats.count, "imputed_value_floats")
      return [.tensor(imputed(tensor, pick))]
    }
  }

  private func binary<T: NumericTensor>(_ tensor: T) -> any AnyTensor {
    T(
      shape: tensor.shape,
      elements: tensor.reals.map { T.Element(real: $0 > Double(threshold) ? 1 : 0) })
  }

  private func imputed<T: NumericTensor>(
    _ tensor: T, _ pick: ([Float], Int) -> Float
  ) -> any AnyTensor {
    let x = tensor.reals
    let replaced = Double(replacedFloat)
    return T(
      shape: tensor.shape,
      elements: x.indices.map { place in
        let isMissing = x[place] == replaced || x[place].isNaN && replaced.isNaN
        return isMissing
          ? T.Element(real: Double(pick(imputedFloats, place))) : tensor.elements[place]
      })
  }
}
