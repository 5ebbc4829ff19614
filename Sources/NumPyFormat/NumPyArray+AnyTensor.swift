public import TensorCore

/// The array as a tensor of the type the file stores.
extension NumPyArray {
  public var tensor: any AnyTensor {
    switch values {
    case .bool(let elements): Tensor(shape: shape, elements: elements)
    case .int8(let elements): Tensor(shape: shape, elements: elements)
    case .int16(let elements): Tensor(shape: shape, elements: elements)
    case .int32(let elements): Tensor(shape: shape, elements: elements)
    case .int64(let elements): Tensor(shape: shape, elements: elements)
    case .uint8(let elements): Tensor(shape: shape, elements: elements)
    case .uint16(let elements): Tensor(shape: shape, elements: elements)
    case .uint32(let elements): Tensor(shape: shape, elements: elements)
    case .uint64(let elements): Tensor(shape: shape, elements: elements)
    case .half(let elements): Tensor(shape: shape, elements: elements)
    case .text(let elements): Tensor(shape: shape, elements: elements)
    case .float(let elements): Tensor(shape: shape, elements: elements)
    case .double(let elements): Tensor(shape: shape, elements: elements)
    }
  }
}
