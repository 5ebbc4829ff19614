import EngineSupport
import Foundation
import SwiftProtobuf
import TensorCore
import Testing

@testable import ONNXFormat

@Suite("Constants and attributes of ONNX models")
struct ONNXValueTests {
  private func constant(_ change: @escaping (inout WireTensor) -> Void) throws -> any AnyTensor {
    let document = try ONNXFixtures.model { model in
      model.graph.initializer[0].floatData = []
      change(&model.graph.initializer[0])
    }
    return try #require(try ONNXModel(reading: document).graph.initializers.first).values
  }

  /// One storage and then the other must give the same values.
  private func elements(
    type: Int32, raw: [UInt8], list: @escaping (inout WireTensor) -> Void
  ) throws -> (any AnyTensor, any AnyTensor) {
    let fromRaw = try constant {
      $0.dataType = type
      $0.rawData = Data(raw)
    }
    let fromList = try constant {
      $0.dataType = type
      list(&$0)
    }
    return (fromRaw, fromList)
  }

  @Test("both storages of every element type")
  func storages() throws {
    let (a0, b0) = try elements(
      type: 1, raw: [0, 0, 0xC0, 0x3F, 0, 0, 0, 0xC0], list: { $0.floatData = [1.5, -2] })
    let (a, b) = try (
      #require(a0 as? Tensor<Float>), #require(b0 as? Tensor<Float>)
    )
    #expect(a == b && a.elements == [1.5, -2] && a.shape == [2])
    let (c0, d0) = try elements(type: 2, raw: [255, 1], list: { $0.int32Data = [255, 1] })
    let (c, d) = try (
      #require(c0 as? Tensor<UInt8>), #require(d0 as? Tensor<UInt8>)
    )
    #expect(c == d && c.elements == [255, 1])
    let (e0, f0) = try elements(type: 3, raw: [0xFF, 1], list: { $0.int32Data = [-1, 1] })
    let (e, f) = try (
      #require(e0 as? Tensor<Int8>), #require(f0 as? Tensor<Int8>)
    )
    #expect(e == f && e.elements == [-1, 1])
    let (g0, h0) = try elements(
      type: 6, raw: [0xFE, 0xFF, 0xFF, 0xFF, 0, 1, 0, 0], list: { $0.int32Data = [-2, 256] })
    let (g, h) = try (
      #require(g0 as? Tensor<Int32>), #require(h0 as? Tensor<Int32>)
    )
    #expect(g == h && g.elements == [-2, 256])
    let (i0, j0) = try elements(
      type: 7, raw: Array(repeating: 0xFF, count: 8) + [0, 1, 0, 0, 0, 0, 0, 0],
      list: { $0.int64Data = [-1, 256] })
    let (i, j) = try (
      #require(i0 as? Tensor<Int64>), #require(j0 as? Tensor<Int64>)
    )
    #expect(i == j && i.elements == [-1, 256])
    let (k0, l0) = try elements(type: 9, raw: [1, 0], list: { $0.int32Data = [1, 0] })
    let (k, l) = try (
      #require(k0 as? Tensor<Bool>), #require(l0 as? Tensor<Bool>)
    )
    #expect(k == l && k.elements == [true, false])
    let (m0, n0) = try elements(
      type: 11, raw: [0, 0, 0, 0, 0, 0, 0xF8, 0x3F, 0, 0, 0, 0, 0, 0, 0, 0xC0],
      list: { $0.doubleData = [1.5, -2] })
    let (m, n) = try (
      #require(m0 as? Tensor<Double>), #require(n0 as? Tensor<Double>)
    )
    #expect(m == n && m.elements == [1.5, -2])
    let (o0, p0) = try elements(
      type: 16, raw: [0xC0, 0x3F, 0, 0xC0], list: { $0.int32Data = [0x3FC0, 0xC000] })
    let (o, p) = try (
      #require(o0 as? Tensor<BrainFloat>), #require(p0 as? Tensor<BrainFloat>)
    )
    #expect(o == p && o.reals == [1.5, -2])
  }

  @Test("every half-precision number reads as what it is")
  func half() throws {
    let bits = Array(UInt16.min...UInt16.max)
    let values = try constant {
      $0.dataType = 10
      $0.dims = [65_536]
      $0.rawData = Data(bits.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] })
    }
    let tensor = try #require(values as? Tensor<Half>).converted(to: Float.self)
    for (bits, value) in zip(bits, tensor.elements) {
      // IEEE 754 binary16, by its definition.
      let (exponent, fraction) = (Int(bits >> 10 & 31), Float(bits & 1_023))
      let magnitude: Float =
        switch exponent {
        case 0: fraction * 0x1p-24
        case 31: fraction == 0 ? .infinity : .nan
        default: (1_024 + fraction) * Float(sign: .plus, exponent: exponent - 25, significand: 1)
        }
      let expected = bits & 0x8000 == 0 ? magnitude : -magnitude
      #expect(
        value == expected && value.sign == expected.sign || value.isNaN && expected.isNaN,
        "\(bits)")
    }
  }

  @Test("list elements outside the type are refused")
  func outside() throws {
    for (type, list) in [
      (2, [256, 0]), (2, [-1, 0]), (3, [128, 0]), (9, [2, 0]), (10, [65_536, 0]),
    ]
      as [(Int32, [Int32])]
    {
      #expect {
        try constant {
          $0.dataType = type
          $0.int32Data = list
        }
      } throws: { ($0 as? Diagnostic)?.code == "onnx.tensor.malformed" }
    }
  }

  @Test("every kind of attribute, and the kinds that are only named")
  func attributes() throws {
    func attribute(
      _ kind: WireAttribute.Kind, _ change: (inout WireAttribute) -> Void = { _ in }
    ) throws -> ONNXAttribute? {
      var attribute = WireAttribute()
      attribute.name = "a"
      attribute.type = kind
      change(&attribute)
      let document = try ONNXFixtures.model { $0.graph.node[0].attribute = [attribute] }
      return try ONNXModel(reading: document).graph.nodes[0].attributes["a"]
    }
    guard case .float(0.5) = try attribute(.float, { $0.f = 0.5 }),
      case .int(-3) = try attribute(.int, { $0.i = -3 }),
      case .string("SAME") = try attribute(.string, { $0.s = Data("SAME".utf8) }),
      case .floats([1, 2]) = try attribute(.floats, { $0.floats = [1, 2] }),
      case .ints([3, 4]) = try attribute(.ints, { $0.ints = [3, 4] }),
      case .strings(["a", "b"]) = try attribute(
        .strings, { $0.strings = [Data("a".utf8), Data("b".utf8)] }),
      case .unsupported("graphs") = try attribute(.graphs),
      case .unsupported("sparse tensors") = try attribute(.sparseTensors),
      case .unsupported("string that is not UTF-8") = try attribute(.string, { $0.s = Data([255]) }),
      case .unsupported("reference to a function's attribute") = try attribute(
        .int, { $0.refAttrName = "b" })
    else { throw Unexpected() }

    let tensor = WireTensor.with {
      $0.dataType = 7
      $0.int64Data = [5]
      $0.dims = [1]
    }
    guard case .tensor(let value) = try attribute(.tensor, { $0.t = [tensor] }),
      let five = value.values as? Tensor<Int64>
    else { throw Unexpected() }
    #expect(five.elements == [5])
    #expect(value.location.path == "node 0 \"add\" (Add) attribute \"a\"")
    let text = WireTensor.with { $0.dataType = 14 }
    guard case .unsupported("tensor of complex64") = try attribute(.tensor, { $0.t = [text] })
    else {
      throw Unexpected()
    }
  }

  @Test("graph inputs leave out constants, and unknown lengths stay unknown")
  func values() throws {
    let document = try ONNXFixtures.model { model in
      model.opsetImport[0].domain = "ai.onnx"
      model.graph.node[0].domain = "ai.onnx"
      model.graph.input.append(ONNXFixtures.value("c", [.dimValue(2)]))
      model.graph.input.append(ONNXFixtures.value("u", [.dimValue(-1), nil, .dimParam("")]))
      model.graph.input.append(WireValueInfo.with { $0.name = "map" })
    }
    let model = try ONNXModel(reading: document)
    #expect(model.opsets == ["": 17] && model.graph.nodes[0].domain == "")
    #expect(model.graph.inputs.map(\.name) == ["x", "u", "map"])
    #expect(model.graph.inputs[1].shape == [.dynamic(nil), .dynamic(nil), .dynamic(nil)])
    #expect(model.graph.inputs[2].shape == nil && model.graph.inputs[2].elementType == 0)
  }

  private struct Unexpected: Error {}
}
