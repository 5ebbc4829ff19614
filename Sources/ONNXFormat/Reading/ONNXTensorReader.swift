import EngineSupport
import TensorCore

/// Constants from any of ONNX's storages (raw little-endian bytes, a typed list, a file beside the model),
/// with the number of elements checked against the shape before anything is built.
struct ONNXTensorReader {
  private static let rankLimit = 64

  let wire: WireTensor
  let location: SourceLocation
  let external: ExternalDocuments

  private var type: ElementType? { ElementType(onnx: Int(wire.dataType)) }
  var isReadable: Bool { type != nil }
  var typeName: String { ElementType.onnxName(Int(wire.dataType)) }

  func tensor() throws(Diagnostic) -> ONNXTensor {
    guard wire.segment.isEmpty else {
      throw Diagnostic(
        "onnx.tensor.unsupported", "the tensor is one segment of a larger one", at: location)
    }
    guard let type else {
      throw Diagnostic(
        "onnx.tensor.unsupported", "a tensor of \(typeName) is not read", at: location)
    }
    let shape = try shape(wire.dims)
    let values: any AnyTensor
    switch type {
    case .string: values = try text(shape)
    case .int4: values = try nibbles(shape) { Int4(integer: Int64($0)) }
    case .uint4: values = try nibbles(shape) { UInt4(integer: Int64($0)) }
    default:
      guard let stored = type.swiftType as? any StoredElement.Type else {
        throw Diagnostic(
          "onnx.tensor.unsupported", "a tensor of \(typeName) is not read", at: location)
      }
      values = try words(shape, stored)
    }
    return ONNXTensor(name: wire.name, values: values, location: location)
  }

  private func shape(_ dims: [Int64]) throws(Diagnostic) -> [Int] {
    guard dims.count <= Self.rankLimit else {
      throw malformed("\(dims.count) axes; at most \(Self.rankLimit) are read")
    }
    // Axes of length 0 count as 1 here, so that no product of some of the axes can overflow later; an
    // element takes at most 8 bytes.
    var volume = 8
    var shape: [Int] = []
    for length in dims {
      guard let length = Int(exactly: length), length >= 0 else {
        throw malformed("an axis of length \(length)")
      }
      let (product, overflow) = volume.multipliedReportingOverflow(by: max(length, 1))
      guard !overflow else { throw malformed("the shape \(dims) is too large") }
      volume = product
      shape.append(length)
    }
    return shape
  }

  /// The raw bytes, from the model or from beside it; nil where a typed list holds the values.
  private func raw(_ count: Int) throws(Diagnostic) -> ArraySlice<UInt8>? {
    if wire.dataLocation == .external {
      return try external.bytes(of: wire.externalData, count: count, at: location)
    }
    guard wire.externalData.isEmpty else {
      throw Diagnostic(
        "onnx.external-data.malformed", "a file is named for values that are in the model",
        at: location)
    }
    guard wire.hasRawData else { return nil }
    guard wire.rawData.count == count else {
      throw malformed(
        "shape \(wire.dims) needs \(count) bytes of \(typeName), but there are "
          + "\(wire.rawData.count)")
    }
    return Array(wire.rawData)[...]
  }

  private func words<T: StoredElement>(
    _ shape: [Int], _: T.Type
  ) throws(Diagnostic) -> any AnyTensor {
    let count = shape.reduce(1, *)
    let size = MemoryLayout<T.Word>.size
    let list = T.list(of: wire)
    var elements: [T] = []
    if let bytes = try raw(count * size) {
      guard list.isEmpty else { throw malformed("values are stored twice") }
      elements.reserveCapacity(count)
      for start in stride(from: bytes.startIndex, to: bytes.endIndex, by: size) {
        var bits: T.Word = 0
        // The smart shift: `&<<` by 8 would wrap on a word of one byte.
        for index in (0..<size).reversed() {
          bits = bits << 8 | T.Word(truncatingIfNeeded: bytes[start + index])
        }
        guard let value = T(word: bits) else { throw outside(elements.count) }
        elements.append(value)
      }
    } else {
      guard list.count == count else {
        throw malformed("shape \(shape) needs \(count) values, but there are \(list.count)")
      }
      elements.reserveCapacity(count)
      for (index, word) in list.enumerated() {
        guard let word, let value = T(word: word) else { throw outside(index) }
        elements.append(value)
      }
    }
    return Tensor<T>(shape: shape, elements: elements)
  }

  /// Two elements a byte, the first in the low half; a list entry holds one such byte.
  private func nibbles<T: TensorElement>(
    _ shape: [Int], _ element: (UInt8) -> T
  ) throws(Diagnostic) -> Tensor<T> {
    let count = shape.reduce(1, *)
    let length = count / 2 + count % 2
    var bytes: [UInt8] = []
    if let raw = try raw(length) {
      guard wire.int32Data.isEmpty else { throw malformed("values are stored twice") }
      bytes = Array(raw)
    } else {
      for (index, stored) in wire.int32Data.enumerated() {
        guard let byte = UInt8(exactly: stored & 0xFF), (-128...255).contains(stored) else {
          throw outside(index)
        }
        bytes.append(byte)
      }
    }
    guard bytes.count == length else {
      throw malformed("shape \(shape) needs \(length) bytes, but there are \(bytes.count)")
    }
    return Tensor(
      shape: shape,
      elements: (0..<count).map { element($0 % 2 == 0 ? bytes[$0 / 2] & 15 : bytes[$0 / 2] >> 4) })
  }

  private func text(_ shape: [Int]) throws(Diagnostic) -> Tensor<String> {
    let count = shape.reduce(1, *)
    guard !wire.hasRawData, wire.dataLocation == .default, wire.stringData.count == count else {
      throw malformed(
        "shape \(shape) needs \(count) strings, but there are \(wire.stringData.count)")
    }
    var elements: [String] = []
    for (index, bytes) in wire.stringData.enumerated() {
      guard let string = String(validating: bytes, as: UTF8.self) else {
        throw malformed("string \(index) is not UTF-8")
      }
      elements.append(string)
    }
    return Tensor(shape: shape, elements: elements)
  }

  private func outside(_ index: Int) -> Diagnostic {
    malformed("element \(index) is outside the range of \(typeName)")
  }

  private func malformed(_ message: String) -> Diagnostic {
    Diagnostic("onnx.tensor.malformed", message, at: location)
  }
}
