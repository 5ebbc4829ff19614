import EngineSupport
import TensorCore

/// Sparse constants, written out in full: the engine computes with dense tensors only.
///
/// Source: ONNX IR specification, `SparseTensorProto`.
struct ONNXSparseTensorReader {
  /// Elements of the dense form, so that a few bytes cannot ask for any amount of memory.
  private static let elementLimit = 1 << 24

  let wire: WireSparseTensor
  let location: SourceLocation
  let external: ExternalDocuments

  func tensor() throws(Diagnostic) -> ONNXTensor {
    guard let values = wire.values.first, let indices = wire.indices.first, wire.values.count == 1,
      wire.indices.count == 1
    else { throw malformed("it needs values and indices once each") }
    let dense = try ONNXTensorReader(wire: values, location: location, external: external).tensor()
    let places = try ONNXTensorReader(wire: indices, location: location, external: external)
      .tensor()
    var shape: [Int] = []
    var count = 1
    for length in wire.dims {
      guard length >= 0, length <= Self.elementLimit, shape.count < 8 else {
        throw malformed("the shape \(wire.dims.prefix(9)) is not one that is read")
      }
      shape.append(Int(length))
      count *= Int(length)
      guard count <= Self.elementLimit else { throw malformed("the shape is too large") }
    }
    guard let index = places.values as? Tensor<Int64> else {
      throw malformed("the indices are not int64")
    }
    let rank = index.rank == 2 ? shape.count : 1
    guard dense.values.rank == 1, index.shape.first == dense.values.shape[0],
      index.rank == 1 || index.shape == [dense.values.shape[0], rank]
    else { throw malformed("indices of the shape \(index.shape) do not fit the values") }
    var sources = [Int](repeating: -1, count: count)
    for entry in 0..<dense.values.shape[0] {
      var place = 0
      for axis in 0..<rank {
        let coordinate = index.elements[entry * rank + axis]
        let length = index.rank == 1 ? count : shape[axis]
        guard coordinate >= 0, coordinate < Int64(length) else {
          throw malformed("index \(coordinate) is outside the shape")
        }
        place = place * length + Int(coordinate)
      }
      sources[place] = entry
    }
    return ONNXTensor(
      name: values.name, values: dense.values.gathering(sources, shape: shape), location: location)
  }

  private func malformed(_ reason: String) -> Diagnostic {
    Diagnostic("onnx.tensor.malformed", "a sparse tensor: \(reason)", at: location)
  }
}
