import EngineSupport
import TensorCore

/// Constants from either of ONNX's two storages (raw little-endian bytes, or a typed list), with the number
/// of elements checked against the shape before anything is built.
struct ONNXTensorReader {
  private static let rankLimit = 64

  let wire: WireTensor
  let location: SourceLocation

  /// ONNX `TensorProto.DataType`.
  private enum DataType: Int32 {
    case float = 1
    case uint8, int8
    case int32 = 6
    case int64
    case bool = 9
    case float16, double
    case bfloat16 = 16

    var size: Int {
      switch self {
      case .uint8, .int8, .bool: 1
      case .float16, .bfloat16: 2
      case .float, .int32: 4
      case .int64, .double: 8
      }
    }
  }

  private var type: DataType? { DataType(rawValue: wire.dataType) }
  var isReadable: Bool { type != nil }

  /// ONNX's own name of the element type, for messages.
  var typeName: String {
    let names = [
      "undefined", "float", "uint8", "int8", "uint16", "int16", "int32", "int64", "string", "bool",
      "float16", "double", "uint32", "uint64", "complex64", "complex128", "bfloat16",
      "float8e4m3fn",
      "float8e4m3fnuz", "float8e5m2", "float8e5m2fnuz", "uint4", "int4", "float4e2m1",
    ]
    let index = Int(wire.dataType)
    return names.indices.contains(index) ? names[index] : "element type \(index)"
  }

  func tensor() throws(Diagnostic) -> ONNXTensor {
    guard wire.dataLocation == .default, wire.externalData.isEmpty else {
      throw Diagnostic(
        "onnx.external-data.unsupported", "the values are kept in another file, which is not read",
        at: location,
        hint: "save the model with its weights inside (onnx.save without external data)"
      )
    }
    guard !wire.hasSegment else {
      throw Diagnostic(
        "onnx.tensor.unsupported", "the tensor is one segment of a larger one", at: location)
    }
    guard let type else {
      throw Diagnostic(
        "onnx.tensor.unsupported", "a tensor of \(typeName) is not read", at: location)
    }
    let (shape, count) = try shape(elementSize: type.size)
    let values: ONNXTensor.Values =
      switch type {
      case .float:
        .float(
          try tensor(shape, count, wire.floatData, { $0 }) { (bits: UInt32) in
            Float(bitPattern: bits)
          })
      case .double:
        .double(
          try tensor(shape, count, wire.doubleData, { $0 }) { (bits: UInt64) in
            Double(bitPattern: bits)
          })
      case .int64:
        .int64(
          try tensor(shape, count, wire.int64Data, { $0 }) { (bits: UInt64) in
            Int64(bitPattern: bits)
          })
      case .int32:
        .int32(
          try tensor(shape, count, wire.int32Data, { $0 }) { (bits: UInt32) in
            Int32(bitPattern: bits)
          })
      case .uint8:
        .uint8(
          try tensor(shape, count, wire.int32Data, UInt8.init(exactly:)) { (bits: UInt8) in bits })
      case .int8:
        .int8(
          try tensor(shape, count, wire.int32Data, Int8.init(exactly:)) { (bits: UInt8) in
            Int8(bitPattern: bits)
          })
      case .bool:
        .bool(
          try tensor(shape, count, wire.int32Data, Self.truth) { (bits: UInt8) in Self.truth(bits) }
        )
      case .float16:
        .float(
          try tensor(shape, count, wire.int32Data, { UInt16(exactly: $0).map(Self.half) }) {
            (bits: UInt16) in Self.half(bits)
          })
      case .bfloat16:
        .float(
          try tensor(shape, count, wire.int32Data, { UInt16(exactly: $0).map(Self.brainFloat) }) {
            (bits: UInt16) in Self.brainFloat(bits)
          })
      }
    return ONNXTensor(name: wire.name, values: values, location: location)
  }

  private static func truth<Word: FixedWidthInteger>(_ word: Word) -> Bool? {
    word == 0 ? false : word == 1 ? true : nil
  }

  /// IEEE 754 binary16; not `Float16`, which the standard library lacks on x86-64 macOS.
  private static func half(_ bits: UInt16) -> Float {
    let sign = UInt32(bits & 0x8000) << 16
    let exponent = UInt32(bits >> 10 & 0x1F)
    let fraction = UInt32(bits & 0x3FF)
    switch exponent {
    case 0:
      let magnitude = Float(fraction) * 0x1p-24
      return sign == 0 ? magnitude : -magnitude
    case 31: return Float(bitPattern: sign | 0x7F80_0000 | fraction << 13)
    default: return Float(bitPattern: sign | (exponent + 112) << 23 | fraction << 13)
    }
  }

  /// The upper half of a binary32.
  private static func brainFloat(_ bits: UInt16) -> Float { Float(bitPattern: UInt32(bits) << 16) }

  private func shape(elementSize: Int) throws(Diagnostic) -> (shape: [Int], count: Int) {
    guard wire.dims.count <= Self.rankLimit else {
      throw malformed("\(wire.dims.count) axes; at most \(Self.rankLimit) are read")
    }
    // Axes of length 0 count as 1 here, so that no product of some of the axes can overflow later.
    var volume = elementSize
    var shape: [Int] = []
    for length in wire.dims {
      guard let length = Int(exactly: length), length >= 0 else {
        throw malformed("an axis of length \(length)")
      }
      let (product, overflow) = volume.multipliedReportingOverflow(by: max(length, 1))
      guard !overflow else { throw malformed("the shape \(wire.dims) is too large") }
      volume = product
      shape.append(length)
    }
    return (shape, shape.reduce(1, *))
  }

  /// `element` and `word` convert one stored element; `nil` from either is a value outside the type.
  private func tensor<Stored, Word: FixedWidthInteger, Element>(
    _ shape: [Int], _ count: Int, _ list: [Stored], _ element: (Stored) -> Element?,
    word: (Word) -> Element?
  ) throws(Diagnostic) -> Tensor<Element> {
    var elements: [Element] = []
    if wire.hasRawData {
      guard list.isEmpty else { throw malformed("values are stored twice") }
      let bytes = Array(wire.rawData)
      let size = MemoryLayout<Word>.size
      guard bytes.count == count * size else {
        throw malformed(
          "shape \(shape) needs \(count * size) bytes of \(typeName), but there are \(bytes.count)")
      }
      elements.reserveCapacity(count)
      for start in stride(from: 0, to: bytes.count, by: size) {
        var bits: Word = 0
        // The smart shift: `&<<` by 8 would wrap on a word of one byte.
        for index in (0..<size).reversed() {
          bits = bits << 8 | Word(truncatingIfNeeded: bytes[start + index])
        }
        guard let value = word(bits) else { throw outside(start / size) }
        elements.append(value)
      }
    } else {
      guard list.count == count else {
        throw malformed("shape \(shape) needs \(count) values, but there are \(list.count)")
      }
      elements.reserveCapacity(count)
      for (index, stored) in list.enumerated() {
        guard let value = element(stored) else { throw outside(index) }
        elements.append(value)
      }
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
