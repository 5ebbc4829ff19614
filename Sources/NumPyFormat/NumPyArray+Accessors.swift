public import EngineSupport
public import TensorCore

/// The array as the types the engine computes with; a conversion that would change a value is refused.
extension NumPyArray {
  /// The position in row-major order of the first NaN or infinity; `nil` when every value is finite.
  public var firstNonFinite: Int? {
    switch values {
    case .half(let elements): elements.firstIndex { !$0.real.isFinite }
    case .float(let elements): elements.firstIndex { !$0.isFinite }
    case .double(let elements): elements.firstIndex { !$0.isFinite }
    default: nil
    }
  }

  /// The values as `Float`: doubles are rounded to nearest, integers must be exact below 2²⁴ or so.
  ///
  /// Throws `numpy.type.mismatch` for booleans and text, `numpy.value.range` for what a `Float` cannot hold.
  public func floatTensor() throws(Diagnostic) -> Tensor<Float> {
    let elements: [Float] =
      switch values {
      case .half(let elements): elements.map { Float($0.real) }
      case .float(let elements): elements
      case .double(let elements):
        try converted(elements, to: "float32") { value in
          let float = Float(value)
          return float.isFinite || !value.isFinite ? float : nil
        }
      case .bool, .text: throw mismatch("numbers")
      case .int8(let elements): elements.map { Float($0) }
      case .int16(let elements): elements.map { Float($0) }
      case .uint8(let elements): elements.map { Float($0) }
      case .uint16(let elements): elements.map { Float($0) }
      case .int32(let elements): try converted(elements, to: "float32") { Float(exactly: $0) }
      case .int64(let elements): try converted(elements, to: "float32") { Float(exactly: $0) }
      case .uint32(let elements): try converted(elements, to: "float32") { Float(exactly: $0) }
      case .uint64(let elements): try converted(elements, to: "float32") { Float(exactly: $0) }
      }
    return Tensor(shape: shape, elements: elements)
  }

  /// The values as `Double`; integers must be exact.
  ///
  /// Throws `numpy.type.mismatch` for booleans and text, `numpy.value.range` for what a `Double` cannot hold.
  public func doubleTensor() throws(Diagnostic) -> Tensor<Double> {
    let elements: [Double] =
      switch values {
      case .half(let elements): elements.map(\.real)
      case .float(let elements): elements.map { Double($0) }
      case .double(let elements): elements
      case .bool, .text: throw mismatch("numbers")
      case .int8(let elements): elements.map { Double($0) }
      case .int16(let elements): elements.map { Double($0) }
      case .int32(let elements): elements.map { Double($0) }
      case .uint8(let elements): elements.map { Double($0) }
      case .uint16(let elements): elements.map { Double($0) }
      case .uint32(let elements): elements.map { Double($0) }
      case .int64(let elements): try converted(elements, to: "float64") { Double(exactly: $0) }
      case .uint64(let elements): try converted(elements, to: "float64") { Double(exactly: $0) }
      }
    return Tensor(shape: shape, elements: elements)
  }

  /// The values as `Int`, in row-major order: labels and indices.
  ///
  /// Throws `numpy.type.mismatch` for booleans, text and floating-point values.
  public func integers() throws(Diagnostic) -> [Int] {
    switch values {
    case .half, .float, .double, .bool, .text: throw mismatch("integers")
    case .int8(let elements): elements.map { Int($0) }
    case .int16(let elements): elements.map { Int($0) }
    case .int32(let elements): elements.map { Int($0) }
    case .int64(let elements): elements.map { Int($0) }
    case .uint8(let elements): elements.map { Int($0) }
    case .uint16(let elements): elements.map { Int($0) }
    case .uint32(let elements): elements.map { Int($0) }
    case .uint64(let elements): try converted(elements, to: "int64") { Int(exactly: $0) }
    }
  }

  /// NumPy's name of the element type, such as `float32`.
  public var typeName: String {
    switch values {
    case .bool: "bool"
    case .int8: "int8"
    case .int16: "int16"
    case .int32: "int32"
    case .int64: "int64"
    case .uint8: "uint8"
    case .uint16: "uint16"
    case .uint32: "uint32"
    case .uint64: "uint64"
    case .half: "float16"
    case .text: "text"
    case .float: "float32"
    case .double: "float64"
    }
  }

  private func mismatch(_ wanted: String) -> Diagnostic {
    Diagnostic(
      "numpy.type.mismatch", "the array holds \(typeName) values where \(wanted) are needed",
      at: location)
  }

  private func converted<Source, Target>(
    _ elements: [Source], to type: String, _ convert: (Source) -> Target?
  ) throws(Diagnostic) -> [Target] {
    var result: [Target] = []
    result.reserveCapacity(elements.count)
    for (index, element) in elements.enumerated() {
      guard let value = convert(element) else {
        throw Diagnostic(
          "numpy.value.range", "element \(index), \(element), does not fit \(type)", at: location)
      }
      result.append(value)
    }
    return result
  }
}
