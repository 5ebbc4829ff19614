import EngineSupport
import Foundation
import NeuralRuntime
import SwiftProtobuf
import TensorCore

@testable import ONNXFormat

/// The inputs and outputs of ONNX's node tests: one protocol buffer a value, a tensor, a sequence or an
/// optional as the model declares it.
enum NodeTestData {
  static func value(_ bytes: [UInt8], as declared: ONNXValue) throws -> RuntimeValue {
    switch declared.kind {
    case .sequence: return .sequence(try tensors(bytes, field: 3).map { .tensor($0) })
    case .optional:
      // OptionalProto: element type 1 is a tensor in field 3, 3 a sequence in field 5.
      if let tensor = try tensors(bytes, field: 3).first { return .tensor(tensor) }
      if let sequence = fields(bytes, number: 5).first {
        return .sequence(try tensors(sequence, field: 3).map { .tensor($0) })
      }
      return .absent
    default:
      let tensor = try tensor(bytes)
      // The files hold bfloat16 as its bits.
      if declared.type == .bfloat16, let bits = tensor as? Tensor<UInt16> {
        return .tensor(
          Tensor(shape: bits.shape, elements: bits.elements.map { BrainFloat(bits: $0) }))
      }
      return .tensor(tensor)
    }
  }

  static func tensor(_ bytes: [UInt8]) throws -> any AnyTensor {
    let wire = try WireTensor(serializedBytes: bytes)
    let location = EngineSupport.SourceLocation(document: "data")
    return try ONNXTensorReader(
      wire: wire, location: location, external: ExternalDocuments(.none)
    ).tensor().values
  }

  private static func tensors(_ bytes: [UInt8], field: Int) throws -> [any AnyTensor] {
    try fields(bytes, number: field).map(tensor)
  }

  /// The bytes of each length-delimited field of a number, on the outermost level.
  private static func fields(_ bytes: [UInt8], number: Int) -> [[UInt8]] {
    var position = 0
    var result: [[UInt8]] = []
    func varint() -> Int {
      var value = 0
      var shift = 0
      while position < bytes.count {
        let byte = bytes[position]
        position += 1
        value |= Int(byte & 0x7F) << shift
        shift += 7
        if byte < 0x80 { break }
      }
      return value
    }
    while position < bytes.count {
      let tag = varint()
      switch tag & 7 {
      case 0: _ = varint()
      case 1: position += 8
      case 5: position += 4
      default:
        let length = varint()
        let end = min(position + length, bytes.count)
        if tag >> 3 == number { result.append(Array(bytes[position..<end])) }
        position = end
      }
    }
    return result
  }

  /// What is different, or nil if two values agree to the tolerances of ONNX's own runner.
  static func difference(
    _ ours: RuntimeValue, _ theirs: RuntimeValue, relative: Double, absolute: Double = 1e-7
  ) -> String? {
    switch (ours, theirs) {
    case (.tensor(let a), .tensor(let b)):
      return difference(a, b, relative: relative, absolute: absolute)
    case (.sequence(let a), .sequence(let b)):
      guard a.count == b.count else { return "\(a.count) elements, not \(b.count)" }
      for (x, y) in zip(a, b) {
        if let found = difference(x, y, relative: relative, absolute: absolute) { return found }
      }
      return nil
    case (.absent, .absent): return nil
    default: return "another kind of value"
    }
  }

  static func difference(
    _ a: any AnyTensor, _ b: any AnyTensor, relative: Double, absolute: Double
  ) -> String? {
    guard a.elementType == b.elementType else { return "\(a.elementType), not \(b.elementType)" }
    guard a.shape == b.shape else { return "the shape \(a.shape), not \(b.shape)" }
    if let x = a as? Tensor<String>, let y = b as? Tensor<String> {
      return x == y ? nil : "\(x.elements.prefix(5)), not \(y.elements.prefix(5))"
    }
    guard let x = a as? any NumericTensor, let y = b as? any NumericTensor else {
      return "values that cannot be compared"
    }
    for (index, (p, q)) in zip(x.reals, y.reals).enumerated() {
      if p == q || p.isNaN && q.isNaN { continue }
      guard abs(p - q) <= absolute + relative * abs(q) else {
        return "element \(index) is \(p), not \(q)"
      }
    }
    return nil
  }
}
