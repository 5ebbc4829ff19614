package import EngineSupport
package import ONNXFormat
package import TensorCore

/// A node as its operator sees it: attributes, constant parameters, and the words for refusing it.
package struct OperatorNode: Sendable {
  package let operation: String
  package let opset: Int
  package let location: SourceLocation
  private let attributes: [String: ONNXAttribute]
  /// Constant inputs after the operands, by the signature's names; omitted ones are absent.
  private let parameters: [String: any AnyTensor]
  /// Which outputs the graph asks for.
  package let wantsOutput: [Bool]

  package init(_ node: ONNXNode, opset: Int, parameters: [String: any AnyTensor] = [:]) {
    wantsOutput = node.outputs.map { !$0.isEmpty }
    operation = node.operation
    location = node.location
    attributes = node.attributes
    self.opset = opset
    self.parameters = parameters
  }

  /// The same attributes read as another operator: what a fused or quantised operator stands for.
  func standing(for operation: String, in opset: Int) -> OperatorNode {
    OperatorNode(self, operation: operation, opset: opset)
  }

  private init(_ other: OperatorNode, operation: String, opset: Int) {
    wantsOutput = other.wantsOutput
    self.operation = operation
    location = other.location
    attributes = other.attributes
    self.opset = opset
    parameters = other.parameters
  }

  package func unsupported(_ reason: String) -> Diagnostic {
    Diagnostic(
      "onnx.operator.unsupported", "\(operation) (opset \(opset)): \(reason)", at: location)
  }

  package func mismatch(_ reason: String) -> Diagnostic {
    Diagnostic("onnx.shape.mismatch", "\(operation): \(reason)", at: location)
  }

  package func wrongType(_ reason: String) -> Diagnostic {
    Diagnostic("onnx.type.mismatch", "\(operation): \(reason)", at: location)
  }

  package func invalidAttribute(_ name: String, _ expected: String) -> Diagnostic {
    Diagnostic(
      "onnx.attribute.invalid", "\(operation): attribute \(name) must be \(expected)", at: location)
  }

  package func int(_ name: String) throws(Diagnostic) -> Int? {
    switch attributes[name] {
    case nil: return nil
    case .int(let value): return value
    default: throw invalidAttribute(name, "an integer")
    }
  }

  /// An integer attribute that stands for yes or no.
  package func flag(_ name: String) throws(Diagnostic) -> Bool { try int(name) ?? 0 != 0 }

  /// The file's `Float`, widened exactly.
  package func float(_ name: String) throws(Diagnostic) -> Double? {
    switch attributes[name] {
    case nil: return nil
    case .float(let value): return Double(value)
    default: throw invalidAttribute(name, "a number")
    }
  }

  package func string(_ name: String) throws(Diagnostic) -> String? {
    switch attributes[name] {
    case nil: return nil
    case .string(let value): return value
    default: throw invalidAttribute(name, "a string")
    }
  }

  package func ints(_ name: String) throws(Diagnostic) -> [Int]? {
    switch attributes[name] {
    case nil: return nil
    case .ints(let values): return values
    default: throw invalidAttribute(name, "a list of integers")
    }
  }

  package func floats(_ name: String) throws(Diagnostic) -> [Float]? {
    switch attributes[name] {
    case nil: return nil
    case .floats(let values): return values
    default: throw invalidAttribute(name, "a list of numbers")
    }
  }

  package func strings(_ name: String) throws(Diagnostic) -> [String]? {
    switch attributes[name] {
    case nil: return nil
    case .strings(let values): return values
    default: throw invalidAttribute(name, "a list of strings")
    }
  }

  /// The first of two attributes that is given.
  func ints(_ name: String, or other: String) throws(Diagnostic) -> [Int]? {
    if let values = try ints(name) { return values }
    return try ints(other)
  }

  /// The first of two attributes that is given.
  func strings(_ name: String, or other: String) throws(Diagnostic) -> [String]? {
    if let values = try strings(name) { return values }
    return try strings(other)
  }

  package func tensor(_ name: String) throws(Diagnostic) -> (any AnyTensor)? {
    switch attributes[name] {
    case nil: return nil
    case .tensor(let value): return value.values
    default: throw invalidAttribute(name, "a tensor")
    }
  }

  /// An attribute that names an element type by ONNX's number.
  package func elementType(_ name: String) throws(Diagnostic) -> ElementType? {
    guard let number = try int(name) else { return nil }
    guard let type = ElementType(onnx: number) else {
      throw unsupported("values of \(ElementType.onnxName(number))")
    }
    return type
  }

  /// A parameter of any type.
  package func parameter(_ name: String) -> (any AnyTensor)? { parameters[name] }

  /// A constant parameter of integers.
  package func parameterInts(_ name: String) throws(Diagnostic) -> [Int]? {
    guard let values = parameters[name] else { return nil }
    guard let integers = values as? any IntegerTensor else {
      throw unsupported("input \(name) must hold integers")
    }
    return integers.integers.map { Int($0) }
  }

  /// A constant parameter of one integer.
  package func parameterInt(_ name: String) throws(Diagnostic) -> Int? {
    guard let values = try parameterInts(name) else { return nil }
    guard let value = values.first, values.count == 1 else {
      throw mismatch("input \(name) must hold one number")
    }
    return value
  }

  /// A constant parameter of one number.
  package func parameterNumber(_ name: String) throws(Diagnostic) -> Double? {
    guard let values = parameters[name] else { return nil }
    guard let numbers = values as? any NumericTensor else {
      throw unsupported("input \(name) must hold a number")
    }
    guard let number = numbers.reals.first else { throw mismatch("input \(name) is empty") }
    return number
  }

  /// An axis attribute counted from the front; negative values count from the back.
  package func axis(_ value: Int, rank: Int, includingEnd: Bool = false) throws(Diagnostic) -> Int {
    let limit = includingEnd ? rank : rank - 1
    let axis = value < 0 ? value &+ rank : value
    guard (0...max(limit, 0)).contains(axis), limit >= 0 else {
      throw mismatch("axis \(value) is outside a tensor of rank \(rank)")
    }
    return axis
  }

  /// Axes counted from the front, ascending and each once.
  package func axes(_ values: [Int], rank: Int) throws(Diagnostic) -> [Int] {
    var result: Set<Int> = []
    for value in values {
      guard result.insert(try axis(value, rank: rank)).inserted else {
        throw mismatch("axes \(values) name an axis twice")
      }
    }
    return result.sorted()
  }
}
