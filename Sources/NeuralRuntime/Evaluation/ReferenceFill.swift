public import EngineSupport
public import ONNXFormat
import TensorCore

/// Inputs that anybody can make again: for trying a model without data, and for comparing engines.
///
/// Element i in row-major order, from 0 for each input, is ((37·i) mod 101 − 50)/50 for real types,
/// (37·i) mod 10 for integers, and i mod 2 for truth values.
public enum ReferenceFill {
  /// - Parameter shapes: Shapes by input name; where one is not given, the declared one with 1 for lengths
  ///   that are not fixed.
  /// Errors: `model.input.type` for inputs that are no tensors of numbers, `model.input.shape` for shapes that
  /// are not declared or too large.
  public static func values(
    for inputs: [ONNXValue], shapes: [String: [Int]] = [:]
  ) throws(Diagnostic) -> [String: RuntimeValue] {
    var values: [String: RuntimeValue] = [:]
    for input in inputs {
      let place = SourceLocation(document: "model", path: "input \"\(input.name)\"")
      guard input.kind == .tensor, let type = input.type?.swiftType as? any NumericElement.Type
      else {
        throw Diagnostic(
          "model.input.type",
          "there is no reference fill for a \(input.kind.rawValue) of "
            + ElementType.onnxName(input.elementType), at: place)
      }
      var shape = shapes[input.name]
      if shape == nil {
        shape = input.shape?.map { dimension in
          if case .fixed(let length) = dimension { length } else { 1 }
        }
      }
      guard let shape, let count = NetworkLimits.volume(shape) else {
        throw Diagnostic(
          "model.input.shape", "the input's shape is not declared or too large", at: place)
      }
      values[input.name] = .tensor(tensor(shape, count, type))
    }
    return values
  }

  private static func tensor<T: NumericElement>(
    _ shape: [Int], _ count: Int, _: T.Type
  ) -> any AnyTensor {
    Tensor<T>(
      shape: shape,
      elements: (0..<count).map { index in
        if T.elementType == .bool { return T(integer: Int64(index % 2)) }
        return T.isInteger
          ? T(integer: Int64(index * 37 % 10))
          : T(real: Double((index * 37) % 101 - 50) / 50)
      })
  }
}
