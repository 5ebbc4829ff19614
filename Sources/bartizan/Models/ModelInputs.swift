import EngineSupport
import NeuralRuntime
import NumPyFormat
import ONNXFormat
import TensorCore

/// Arrays of an archive as the inputs of a model, in the types the model declares.
enum ModelInputs {
  static func values(
    of archive: NumPyArchive, for inputs: [ONNXValue]
  ) throws -> [String: RuntimeValue] {
    var values: [String: RuntimeValue] = [:]
    for input in inputs {
      let array = try archive.array(named: input.name)
      values[input.name] = .tensor(try tensor(array, for: input))
    }
    return values
  }

  /// Reals become the model's precision; integers must keep their values.
  private static func tensor(
    _ array: NumPyArray, for input: ONNXValue
  ) throws(Diagnostic) -> any AnyTensor {
    let tensor = array.tensor
    guard let type = input.type, type != tensor.elementType else { return tensor }
    guard let numbers = tensor as? any NumericTensor,
      let target = type.swiftType as? any NumericElement.Type,
      tensor.elementType != .bool && type != .bool,
      target.isInteger == (tensor is any IntegerTensor) || !target.isInteger
    else {
      throw Diagnostic(
        "model.input.type",
        "the array holds \(array.typeName) values where the model needs \(type.rawValue)",
        at: array.location)
    }
    return try converted(numbers, target, at: array.location)
  }

  private static func converted<T: NumericElement>(
    _ tensor: any NumericTensor, _: T.Type, at location: SourceLocation
  ) throws(Diagnostic) -> any AnyTensor {
    let result = tensor.converted(to: T.self)
    guard !T.isInteger || result.integers == tensor.integers else {
      throw Diagnostic(
        "model.input.range", "a value does not fit \(T.elementType.rawValue)", at: location)
    }
    return result
  }
}
