import EngineSupport
import TensorCore
import Testing

@testable import NumPyFormat

@Suite("Arrays of the .npy format")
struct NumPyArrayTests {
  private func read(_ bytes: [UInt8]) throws(Diagnostic) -> NumPyArray {
    try NumPyArray(reading: InputDocument(name: "a.npy", bytes: bytes))
  }

  private func code(_ bytes: [UInt8]) -> String? {
    do {
      _ = try read(bytes)
      return nil
    } catch { return error.code.name }
  }

  @Test(
    "every element type and byte order",
    arguments: [
      ("|b1", [1, 0], .bool([true, false])),
      ("|i1", [0xFF, 2], .int8([-1, 2])),
      ("<i2", [0xFE, 0xFF, 2, 1], .int16([-2, 258])),
      (">i2", [0xFF, 0xFE, 1, 2], .int16([-2, 258])),
      ("<i4", [1, 0, 0, 0, 0, 0, 0, 0x80], .int32([1, .min])),
      (">i8", [0, 0, 0, 0, 0, 0, 1, 0] + Array(repeating: 0xFF, count: 8), .int64([256, -1])),
      ("|u1", [255, 3], .uint8([255, 3])),
      (">u2", [1, 0, 0, 1], .uint16([256, 1])),
      ("<u4", [0xFF, 0xFF, 0xFF, 0xFF, 1, 0, 0, 0], .uint32([.max, 1])),
      ("<u8", Array(repeating: 0xFF, count: 8) + [1, 0, 0, 0, 0, 0, 0, 0], .uint64([.max, 1])),
      ("<f2", [0, 0x3E, 0, 0xC0], .half([Half(real: 1.5), Half(real: -2)])),
      ("<f4", [0, 0, 0xC0, 0x3F, 0, 0, 0, 0xC0], .float([1.5, -2])),
      (">f4", [0x3F, 0xC0, 0, 0, 0xC0, 0, 0, 0], .float([1.5, -2])),
      (
        ">f8", [0x3F, 0xF8, 0, 0, 0, 0, 0, 0, 0xC0, 0, 0, 0, 0, 0, 0, 0], .double([1.5, -2])
      ),
    ] as [(String, [UInt8], NumPyArray.Values)])
  func types(type: String, data: [UInt8], expected: NumPyArray.Values) throws {
    let array = try read(NumPyFixtures.npy(type: type, shape: "(2,)", data))
    #expect(array.values == expected)
    #expect(array.shape == [2])
    #expect(array.typeName.first == type.dropFirst().first)
  }

  @Test("text is read up to its zeros, in any order")
  func texts() throws {
    func points(_ text: String, _ length: Int) -> [UInt8] {
      let scalars = text.unicodeScalars.map(\.value)
      return (scalars + Array(repeating: 0, count: length - scalars.count)).flatMap { word in
        (0..<4).map { UInt8(truncatingIfNeeded: word >> ($0 * 8)) }
      }
    }
    let data = points("öl", 3) + points("", 3) + points("a b", 3) + points("x", 3)
    let row = try read(NumPyFixtures.npy(type: "<U3", shape: "(4,)", data))
    #expect(row.values == .text(["öl", "", "a b", "x"]))
    let table = try read(NumPyFixtures.npy(type: "<U3", shape: "(2, 2)", fortran: true, data))
    #expect(table.values == .text(["öl", "a b", "", "x"]))
    #expect(throws: Diagnostic.self) { try row.floatTensor() }
    #expect(throws: Diagnostic.self) {
      try read(NumPyFixtures.npy(type: "<U1", shape: "(1,)", [0, 0xD8, 0, 0]))
    }
  }

  @Test("Fortran order becomes row-major order")
  func fortran() throws {
    // [[0,1,2],[3,4,5]] column by column, then a cube of three different lengths.
    let matrix = try read(
      NumPyFixtures.npy(type: "|u1", shape: "(2, 3)", fortran: true, [0, 3, 1, 4, 2, 5]))
    #expect(matrix.values == .uint8([0, 1, 2, 3, 4, 5]))
    var column: [UInt8] = []
    for k in 0..<4 {
      for j in 0..<3 { for i in 0..<2 { column.append(UInt8(i * 12 + j * 4 + k)) } }
    }
    let cube = try read(NumPyFixtures.npy(type: "|u1", shape: "(2, 3, 4)", fortran: true, column))
    #expect(cube.values == .uint8(Array(0..<24)))
  }

  @Test("scalars, empty arrays and the three format versions")
  func shapes() throws {
    let scalar = try read(NumPyFixtures.npy(type: "|u1", shape: "()", [7]))
    #expect(scalar.shape.isEmpty && scalar.count == 1)
    let empty = try read(NumPyFixtures.npy(type: "<f8", shape: "(0, 3)", fortran: true, []))
    #expect(empty.shape == [0, 3] && empty.values == .double([]))
    for version in [(1, 0), (2, 0), (3, 0)] as [(UInt8, UInt8)] {
      let bytes = NumPyFixtures.npy(
        "{\"shape\":(1,),\"fortran_order\":False,\"descr\":\"|u1\"}   ", [9], version: version)
      #expect(try read(bytes).values == .uint8([9]))
    }
  }

  @Test(
    "what is not a plain array of numbers is refused by name",
    arguments: [
      ("{'descr': '|O', 'fortran_order': False, 'shape': (1,), }", "numpy.object.refused"),
      ("{'descr': '|U3', 'fortran_order': False, 'shape': (1,), }", "numpy.type.unsupported"),
      ("{'descr': '<U-1', 'fortran_order': False, 'shape': (1,), }", "numpy.type.unsupported"),
      ("{'descr': '<U9999999', 'fortran_order': False, 'shape': (1,), }", "numpy.type.unsupported"),
      ("{'descr': '<c8', 'fortran_order': False, 'shape': (1,), }", "numpy.type.unsupported"),
      ("{'descr': '|f4', 'fortran_order': False, 'shape': (1,), }", "numpy.type.unsupported"),
      ("{'descr': '', 'fortran_order': False, 'shape': (1,), }", "numpy.type.unsupported"),
      (
        "{'descr': [('x', '<f4')], 'fortran_order': False, 'shape': (1,), }",
        "numpy.type.unsupported"
      ),
      ("{'descr': '|u1', 'fortran_order': False, 'shape': (2,), }", "numpy.data.malformed"),
      ("{'descr': '|u1', 'fortran_order': False, 'shape': (1), }", "numpy.header.malformed"),
      ("{'descr': '|u1', 'fortran_order': False, 'shape': (-1,), }", "numpy.header.malformed"),
      ("{'descr': '|u1', 'fortran_order': 0, 'shape': (1,), }", "numpy.header.malformed"),
      ("{'descr': '|u1', 'fortran_order': False}", "numpy.header.malformed"),
      ("{'descr': '|u1', 'descr': '|u1', 'shape': (1,)}", "numpy.header.malformed"),
      ("{'descr': '|u1', 'other': False, 'shape': (1,)}", "numpy.header.malformed"),
      ("{'descr': '|u1', 'fortran_order': False, 'shape': (1,)} x", "numpy.header.malformed"),
      ("{'descr': '\\x7cu1', 'fortran_order': False, 'shape': (1,)}", "numpy.header.malformed"),
      (
        "{'descr': '|u1', 'fortran_order': False, 'shape': (9223372036854775807, 3)}",
        "numpy.header.malformed"
      ),
      (
        "{'descr': '|u1', 'fortran_order': False, 'shape': (0, 4611686018427387904, 4)}",
        "numpy.header.malformed"
      ),
      (
        "{'descr': '|u1', 'fortran_order': False, 'shape': (99999999999999999999,)}",
        "numpy.header.malformed"
      ),
    ])
  func refused(dictionary: String, expected: String) {
    #expect(code(NumPyFixtures.npy(dictionary, [1])) == expected)
  }

  @Test("a header error says where it is")
  func located() {
    #expect {
      try read(NumPyFixtures.npy("{'descr': '|u1', 'size': 3}", [1]))
    } throws: { error in
      let place = (error as? Diagnostic)?.location
      return place?.document == "a.npy" && place?.byteRange == 27..<28
    }
    #expect(code(Array("PK\u{3}\u{4}".utf8)) == "numpy.header.malformed")
    #expect(
      code(NumPyFixtures.npy("{}", [], version: (4, 0))) == "numpy.header.malformed")
    #expect(code(NumPyFixtures.npy(type: "|b1", shape: "(1,)", [2])) == "numpy.data.malformed")
  }

  @Test("conversions keep every value or say which they cannot keep")
  func conversions() throws {
    func array(_ values: NumPyArray.Values, _ count: Int) -> NumPyArray {
      NumPyArray(
        name: "x", shape: [count], values: values, location: SourceLocation(document: "x.npy"))
    }
    #expect(try array(.uint8([0, 16]), 2).floatTensor() == Tensor(shape: [2], elements: [0, 16]))
    #expect(try array(.int64([-3, 9]), 2).integers() == [-3, 9])
    #expect(try array(.float([0.5]), 1).doubleTensor().elements == [0.5])
    #expect(try array(.double([0.1]), 1).floatTensor().elements == [0.1])
    for failing in [
      { _ = try array(.int64([1 << 24 + 1]), 1).floatTensor() },
      { _ = try array(.double([1e300]), 1).floatTensor() },
      { _ = try array(.uint64([.max]), 1).integers() },
      { _ = try array(.int64([.max]), 1).doubleTensor() },
    ] as [() throws -> Void] {
      #expect { try failing() } throws: { ($0 as? Diagnostic)?.code == "numpy.value.range" }
    }
    for failing in [
      { _ = try array(.float([1]), 1).integers() },
      { _ = try array(.bool([true]), 1).floatTensor() },
    ] as [() throws -> Void] {
      #expect { try failing() } throws: { ($0 as? Diagnostic)?.code == "numpy.type.mismatch" }
    }
    #expect(array(.float([1, .nan, .infinity]), 3).firstNonFinite == 1)
    #expect(array(.double([1, 2, -.infinity]), 3).firstNonFinite == 2)
    #expect(array(.double([1, 2]), 2).firstNonFinite == nil)
    #expect(array(.int8([1]), 1).firstNonFinite == nil)
    #expect(try array(.double([.nan]), 1).floatTensor().elements[0].isNaN)
  }
}
