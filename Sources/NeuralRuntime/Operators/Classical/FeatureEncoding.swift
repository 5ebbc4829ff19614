package import EngineSupport
import TensorCore

/// ArrayFeatureExtractor, FeatureVectorizer, OneHotEncoder, ZipMap: features picked, joined, spread out and
/// named.
package struct FeatureEncoding: Operator {
  package static let signatures = [
    OperatorSignature("ArrayFeatureExtractor", domain: "ai.onnx.ml", operands: 2...2),
    OperatorSignature(
      "FeatureVectorizer", domain: "ai.onnx.ml", operands: 1...4_096,
      attributes: ["inputdimensions"]),
    OperatorSignature(
      "OneHotEncoder", domain: "ai.onnx.ml", attributes: ["cats_int64s", "cats_strings", "zeros"]),
    OperatorSignature(
      "ZipMap", domain: "ai.onnx.ml", attributes: ["classlabels_int64s", "classlabels_strings"]),
  ]

  private let node: OperatorNode
  private let numbers: [Int]
  private let names: [String]
  private let allowsZeros: Bool

  package init(_ node: OperatorNode) throws(Diagnostic) {
    self.node = node
    numbers = try node.ints("cats_int64s", or: "classlabels_int64s") ?? []
    names = try node.strings("cats_strings", or: "classlabels_strings") ?? []
    allowsZeros = try node.int("zeros") ?? 1 != 0
  }

  package func evaluate(
    _ operands: [RuntimeValue?], within budget: inout EvaluationBudget
  ) throws(Diagnostic) -> [RuntimeValue] {
    let tensors = try node.tensors(operands)
    switch node.operation {
    case "ArrayFeatureExtractor": return [.tensor(try picked(tensors, within: &budget))]
    case "FeatureVectorizer": return [.tensor(try joined(tensors, within: &budget))]
    case "OneHotEncoder": return [.tensor(try spread(tensors[0], within: &budget))]
    default: return [try named(tensors[0], within: &budget)]
    }
  }

  private func picked(
    _ tensors: [any AnyTensor], within budget: inout EvaluationBudget
  ) throws(Diagnostic) -> any AnyTensor {
    let data = tensors[0]
    let indices = try node.integers(tensors[1], 1)
    let width = data.shape.last ?? 1
    guard indices.allSatisfy({ (0..<width).contains($0) }) else {
      throw node.mismatch("an index is outside the \(width) features")
    }
    let rows = width == 0 ? 0 : data.count / width
    let shape =
      data.rank <= 1 ? [1, indices.count] : data.shape.dropLast() + [indices.count]
    try budget.claim(shape, for: node)
    return data.gathering(
      (0..<rows).flatMap { row in indices.map { row * width + $0 } }, shape: shape)
  }

  private func joined(
    _ tensors: [any AnyTensor], within budget: inout EvaluationBudget
  ) throws(Diagnostic) -> any AnyTensor {
    var parts: [Tensor<Float>] = []
    for (index, tensor) in tensors.enumerated() {
      let part = try node.numbers(tensor, index).converted(to: Float.self)
      parts.append(part.rank == 1 ? part.reshaped(to: [1, part.count]) : part)
    }
    let rows = parts[0].shape.first ?? 0
    guard parts.allSatisfy({ $0.rank == 2 && $0.shape[0] == rows }) else {
      throw node.mismatch("the inputs have different numbers of samples")
    }
    let width = parts.reduce(0) { $0 + $1.shape[1] }
    try budget.claim([rows, width], for: node)
    let elements = (0..<rows).flatMap { row in
      parts.flatMap { $0.rows(row..<row + 1).elements }
    }
    return Tensor(shape: [rows, width], elements: elements)
  }

  private func spread(
    _ tensor: any AnyTensor, within budget: inout EvaluationBudget
  ) throws(Diagnostic) -> any AnyTensor {
    let count = max(numbers.count, names.count)
    let shape = tensor.shape + [count]
    try budget.claim(shape, for: node)
    var places: [Int?]
    if let texts = tensor as? Tensor<String> {
      let known = Dictionary(zip(names, names.indices)) { $1 }
      places = texts.elements.map { known[$0] }
    } else {
      let known = Dictionary(zip(numbers, numbers.indices)) { $1 }
      places = try node.numbers(tensor, 0).integers.map { known[Int($0)] }
    }
    guard allowsZeros || places.allSatisfy({ $0 != nil }) else {
      throw node.mismatch("a value belongs to no category")
    }
    var elements = [Float](repeating: 0, count: places.count * count)
    for (row, place) in places.enumerated() {
      if let place { elements[row * count + place] = 1 }
    }
    return Tensor(shape: shape, elements: elements)
  }

  private func named(
    _ tensor: any AnyTensor, within budget: inout EvaluationBudget
  ) throws(Diagnostic) -> RuntimeValue {
    let scores = try FeatureRows(try node.numbers(tensor, 0), node)
    let keys: any AnyTensor =
      names.isEmpty
      ? Tensor(shape: [numbers.count], elements: numbers.map { Int64($0) })
      : Tensor(shape: [names.count], elements: names)
    guard keys.count == scores.width else {
      throw node.mismatch("\(keys.count) names for \(scores.width) scores")
    }
    try budget.claim([scores.count, 2 * scores.width], for: node)
    return .sequence(
      (0..<scores.count).map { row in
        let values = scores.elements[row * scores.width..<(row + 1) * scores.width]
        return .map(
          RuntimeMap(
            keys: keys, values: Tensor(shape: [scores.width], elements: Array(values))))
      })
  }
}
