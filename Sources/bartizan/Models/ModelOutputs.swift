import EngineSupport
import NeuralRuntime
import TensorCore

/// A model's outputs as text for people and as JSON for programs.
///
/// JSON numbers have as few digits as tell a value from its neighbours in its own type; NaN and the infinities,
/// which JSON lacks, are the strings `NaN`, `Infinity` and `-Infinity`.
enum ModelOutputs {
  static func json(_ outputs: [ModelEvaluator.Output], of file: String) -> String {
    let rows = outputs.map { "    {\"name\": \(quoted($0.name)), \(members(of: $0.value))}" }
    return """
      {
        "model": \(quoted(file)),
        "outputs": [
      \(rows.joined(separator: ",\n"))
        ]
      }
      """
  }

  static func text(_ outputs: [ModelEvaluator.Output]) -> String {
    outputs.map { output in
      switch output.value {
      case .tensor(let tensor):
        let shown = literals(of: tensor).prefix(10).joined(separator: ", ")
        let rest = tensor.count > 10 ? ", … (\(tensor.count) values)" : ""
        return "\(output.name): \(tensor.elementType) \(tensor.shape) \(shown)\(rest)"
      case .sequence(let values): return "\(output.name): a sequence of \(values.count)"
      case .map(let map): return "\(output.name): a map of \(map.keys.count)"
      case .absent: return "\(output.name): nothing"
      }
    }.joined(separator: "\n")
  }

  private static func members(of value: RuntimeValue) -> String {
    switch value {
    case .tensor(let tensor):
      let shape = tensor.shape.map { "\($0)" }.joined(separator: ", ")
      return "\"type\": \(quoted(tensor.elementType.rawValue)), \"shape\": [\(shape)], "
        + "\"values\": [\(literals(of: tensor).joined(separator: ", "))]"
    case .sequence(let values):
      let elements = values.map { "{\(members(of: $0))}" }.joined(separator: ", ")
      return "\"type\": \"sequence\", \"elements\": [\(elements)]"
    case .map(let map):
      return "\"type\": \"map\", \"keys\": [\(literals(of: map.keys).joined(separator: ", "))], "
        + "\"values\": [\(literals(of: map.values).joined(separator: ", "))]"
    case .absent: return "\"type\": \"absent\""
    }
  }

  private static func literals(of tensor: any AnyTensor) -> [String] {
    if let floats = tensor as? Tensor<Float> {
      return floats.elements.map { literal("\($0)", isFinite: $0.isFinite) }
    }
    if let truths = tensor as? Tensor<Bool> { return truths.elements.map { "\($0)" } }
    if let texts = tensor as? Tensor<String> { return texts.elements.map(quoted) }
    if let unsigned = tensor as? Tensor<UInt64> { return unsigned.elements.map { "\($0)" } }
    guard let numbers = tensor as? any NumericTensor else { return [] }
    return tensor is any RealTensor
      ? numbers.reals.map { literal("\($0)", isFinite: $0.isFinite) }
      : numbers.integers.map { "\($0)" }
  }

  private static func literal(_ text: String, isFinite: Bool) -> String {
    if isFinite { return text.hasSuffix(".0") ? String(text.dropLast(2)) : text }
    return text == "nan" ? "\"NaN\"" : text.hasPrefix("-") ? "\"-Infinity\"" : "\"Infinity\""
  }

  private static func quoted(_ text: String) -> String {
    String(decoding: CanonicalJSON.bytes(of: .string(text)), as: UTF8.self)
  }
}
