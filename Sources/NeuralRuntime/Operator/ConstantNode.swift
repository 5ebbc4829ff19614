import EngineSupport
import ONNXFormat
import TensorCore

/// The Constant operator: a value that stands in the graph's text instead of among its initializers.
enum ConstantNode {
  static let operation = "Constant"

  static func tensor(of node: ONNXNode, opset: Int) throws(Diagnostic) -> ONNXTensor {
    let reader = OperatorNode(node, opset: opset)
    guard node.attributes.count == 1, let (name, value) = node.attributes.first,
      node.inputs.isEmpty, node.outputs.count == 1
    else { throw reader.unsupported("needs one value, no input and one output") }
    let values: any AnyTensor
    switch (name, value) {
    case ("value", .tensor(let tensor)), ("sparse_value", .tensor(let tensor)):
      values = tensor.values
    case ("value_float", .float(let number)): values = Tensor(shape: [], elements: [number])
    case ("value_floats", .floats(let numbers)):
      values = Tensor(shape: [numbers.count], elements: numbers)
    case ("value_int", .int(let number)): values = Tensor(shape: [], elements: [Int64(number)])
    case ("value_ints", .ints(let numbers)):
      values = Tensor(shape: [numbers.count], elements: numbers.map { Int64($0) })
    case ("value_string", .string(let text)): values = Tensor(shape: [], elements: [text])
    case ("value_strings", .strings(let texts)):
      values = Tensor(shape: [texts.count], elements: texts)
    default: throw reader.unsupported("attribute \(name) is not a value that can be used")
    }
    return ONNXTensor(name: node.outputs[0], values: values, location: node.location)
  }
}

extension ONNXTensor {
  /// The values for arithmetic; nil for integers and truth values, which only shape a network.
  var numbers: DualTensor? {
    if let double = values as? Tensor<Double> { return DualTensor(double) }
    return (values as? any RealTensor).map { DualTensor($0.converted(to: Float.self)) }
  }
}
