package import EngineSupport
import TensorCore

/// CategoryMapper and LabelEncoder: keys to values, with a default for keys that are not listed.
package struct LabelEncoding: Operator {
  package static let signatures = [
    OperatorSignature(
      "CategoryMapper", domain: "ai.onnx.ml",
      attributes: ["cats_int64s", "cats_strings", "default_int64", "default_string"]),
    OperatorSignature(
      "LabelEncoder", domain: "ai.onnx.ml", opsets: 1...1,
      attributes: ["classes_strings", "default_int64", "default_string"]),
    OperatorSignature(
      "LabelEncoder", domain: "ai.onnx.ml", opsets: 2...5,
      attributes: [
        "default_float", "default_int64", "default_string", "default_tensor", "keys_floats",
        "keys_int64s", "keys_strings", "keys_tensor", "values_floats", "values_int64s",
        "values_strings", "values_tensor",
      ]),
  ]

  private let node: OperatorNode
  private let keys: any AnyTensor
  /// One more than the keys: the last is the default.
  private let values: any AnyTensor
  /// For operators that go both ways, from values to keys.
  private let reverse: (keys: any AnyTensor, values: any AnyTensor)?

  package init(_ node: OperatorNode) throws(Diagnostic) {
    self.node = node
    func list<T>(_ elements: [T]) -> Tensor<T> {
      Tensor(shape: [elements.count], elements: elements)
    }
    let number = Int64(try node.int("default_int64") ?? -1)
    let text = try node.string("default_string") ?? "_Unused"
    if node.operation == "CategoryMapper" || node.opset == 1 {
      let names = try node.strings("cats_strings", or: "classes_strings") ?? []
      let numbers =
        try node.ints("cats_int64s")?.map { Int64($0) } ?? names.indices.map { Int64($0) }
      guard numbers.count == names.count else {
        throw node.mismatch("keys and values differ in length")
      }
      keys = list(names)
      values = list(numbers + [number])
      reverse = (list(numbers), list(names + [text]))
      return
    }
    reverse = nil
    func keyList() throws(Diagnostic) -> (any AnyTensor)? {
      if let tensor = try node.tensor("keys_tensor") { return tensor }
      if let values = try node.strings("keys_strings") { return list(values) }
      if let values = try node.ints("keys_int64s") { return list(values.map { Int64($0) }) }
      return try node.floats("keys_floats").map { list($0) }
    }
    func valueList() throws(Diagnostic) -> (any AnyTensor)? {
      if let tensor = try node.tensor("values_tensor") {
        return try Self.adding(try node.tensor("default_tensor"), to: tensor, node)
      }
      if let values = try node.strings("values_strings") { return list(values + [text]) }
      if let values = try node.ints("values_int64s") {
        return list(values.map { Int64($0) } + [number])
      }
      let standard = Float(try node.float("default_float") ?? -0.0)
      return try node.floats("values_floats").map { list($0 + [standard]) }
    }
    guard let keys = try keyList(), let values = try valueList() else {
      throw node.invalidAttribute(
        "keys_strings", "given, and values_strings, or others of the kind")
    }
    guard keys.count + 1 == values.count else {
      throw node.mismatch("keys and values differ in length")
    }
    self.keys = keys
    self.values = values
  }

  private static func adding<T: AnyTensor>(
    _ standard: (any AnyTensor)?, to tensor: T, _ node: OperatorNode
  ) throws(Diagnostic) -> any AnyTensor {
    var last = (standard as? T)?.elements.first
    if last == nil {
      if T.Element.self is String.Type {
        last = "_Unused" as? T.Element
      } else if let type = T.Element.self as? any NumericElement.Type {
        last = type.init(real: type.isInteger ? -1 : -0.0) as? T.Element
      }
    }
    guard let last else { throw node.invalidAttribute("default_tensor", "of the values' type") }
    return Tensor(shape: [tensor.count + 1], elements: tensor.elements + [last])
  }

  package func evaluate(
    _ operands: [RuntimeValue?], within budget: inout EvaluationBudget
  ) throws(Diagnostic) -> [RuntimeValue] {
    let tensor = try node.tensors(operands)[0]
    try budget.claim(tensor.shape, for: node, work: keys.count)
    let isForward = tensor.elementType == keys.elementType || reverse == nil
    let table = isForward ? (keys, values) : reverse ?? (keys, values)
    return [.tensor(try mapped(tensor, table.0, table.1))]
  }

  private func mapped<T: AnyTensor>(
    _ tensor: T, _ keys: any AnyTensor, _ values: any AnyTensor
  ) throws(Diagnostic) -> any AnyTensor {
    guard let own = keys as? T else { throw node.wrongTypes([tensor, keys]) }
    var places: [T.Element: Int] = [:]
    var missing: Int?
    for (place, key) in own.elements.enumerated() {
      if Self.isNaN(key) { missing = place } else { places[key] = place }
    }
    return values.gathering(
      tensor.elements.map {
        (Self.isNaN($0) ? missing : places[$0]) ?? own.count
      }, shape: tensor.shape)
  }

  private static func isNaN(_ value: some TensorElement) -> Bool {
    (value as? any RealElement)?.real.isNaN == true
  }
}
