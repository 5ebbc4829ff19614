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
    let values: ONNXTensor.Values
    switch (name, value) {
    case ("value", .tensor(let tensor)): values = tensor.values
    case ("value_float", .float(let number)):
      values = .float(Tensor(shape: [], elements: [number]))
    case ("value_floats", .floats(let numbers)):
      values = .float(Tensor(shape: [numbers.count], elements: numbers))
    case ("value_int", .int(let number)):
      values = .int64(Tensor(shape: [], elements: [Int64(number)]))
    case ("value_ints", .ints(let numbers)):
      values = .int64(Tensor(shape: [numbers.count], elements: numbers.map { Int64($0) }))
    default: throw reader.unsupported("attribute \(name) is not a value that can be used")
    }
    return ONNXTensor(name: node.outputs[0], values: values, location: node.location)
  }
}

extension ONNXTensor {
  var shape: [Int] {
    switch values {
    case .float(let tensor): tensor.shape
    case .double(let tensor): tensor.shape
    case .int64(let tensor): tensor.shape
    case .int32(let tensor): tensor.shape
    case .bool(let tensor): tensor.shape
    case .uint8(let tensor): tensor.shape
    case .int8(let tensor): tensor.shape
    }
  }

  /// The values for arithmetic; nil for integers and truth values, which only shape a network.
  var numbers: DualTensor? {
    switch values {
    case .float(let tensor): DualTensor(tensor)
    case .double(let tensor): DualTensor(tensor)
    default: nil
    }
  }
}
