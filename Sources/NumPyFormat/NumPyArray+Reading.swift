public import EngineSupport
import TensorCore

/// Bytes of the `.npy` format into values: any byte order and axis order in, row-major order out.
extension NumPyArray {
  /// A `.npy` file of its own.
  ///
  /// Throws `numpy.header.malformed`, `numpy.data.malformed`, `numpy.type.unsupported` or, for arrays of
  /// Python objects, `numpy.object.refused`.
  public init(reading document: InputDocument) throws(Diagnostic) {
    try self.init(
      name: "", bytes: document.bytes, location: SourceLocation(document: document.name))
  }

  init(name: String, bytes: [UInt8], location: SourceLocation) throws(Diagnostic) {
    let header = try NumPyHeader(of: bytes, at: location)
    let expected = header.count * header.type.size * header.wordsPerElement
    let present = bytes.count - header.dataOffset
    guard present == expected else {
      throw Diagnostic(
        "numpy.data.malformed",
        "shape \(header.shape) of \(header.type.rawValue) needs \(expected) bytes of data, "
          + "but there are \(present)", at: location)
    }
    let data = NumPyData(bytes: bytes, header: header)
    let values: Values
    switch header.type {
    case .bool:
      if let index = bytes[header.dataOffset...].firstIndex(where: { $0 > 1 }) {
        var place = location
        place.byteRange = index..<index + 1
        throw Diagnostic(
          "numpy.data.malformed", "a boolean is stored as \(bytes[index]), not 0 or 1", at: place)
      }
      values = .bool(data.elements(UInt8.self) { $0 == 1 })
    case .int8: values = .int8(data.elements(UInt8.self, Int8.init(bitPattern:)))
    case .int16: values = .int16(data.elements(UInt16.self, Int16.init(bitPattern:)))
    case .int32: values = .int32(data.elements(UInt32.self, Int32.init(bitPattern:)))
    case .int64: values = .int64(data.elements(UInt64.self, Int64.init(bitPattern:)))
    case .uint8: values = .uint8(data.elements(UInt8.self) { $0 })
    case .uint16: values = .uint16(data.elements(UInt16.self) { $0 })
    case .uint32: values = .uint32(data.elements(UInt32.self) { $0 })
    case .uint64: values = .uint64(data.elements(UInt64.self) { $0 })
    case .half: values = .half(data.elements(UInt16.self, Half.init(bits:)))
    case .text: values = .text(try data.texts(at: location))
    case .float: values = .float(data.elements(UInt32.self, Float.init(bitPattern:)))
    case .double: values = .double(data.elements(UInt64.self, Double.init(bitPattern:)))
    }
    self.init(name: name, shape: header.shape, values: values, location: location)
  }
}

/// The data part of an array: words at strides, in row-major order whatever order the file has.
struct NumPyData {
  let bytes: [UInt8]
  let header: NumPyHeader

  /// Code points up to the zeros that fill an element up.
  func texts(at location: SourceLocation) throws(Diagnostic) -> [String] {
    let length = header.wordsPerElement
    var positions = Array(0..<header.count)
    if header.isFortranOrder && header.shape.count > 1 {
      positions = []
      forEachFortranPosition { positions.append($0) }
    }
    var result: [String] = []
    result.reserveCapacity(positions.count)
    for position in positions {
      var words: [UInt32] = []
      for place in 0..<length { words.append(word(at: position * length + place)) }
      while words.last == 0 { words.removeLast() }
      var text = ""
      for word in words {
        guard let scalar = Unicode.Scalar(word) else {
          throw Diagnostic(
            "numpy.data.malformed", "\(word) in element \(position) is no code point", at: location)
        }
        text.unicodeScalars.append(scalar)
      }
      result.append(text)
    }
    return result
  }

  func elements<Word: FixedWidthInteger, Element>(
    _ word: Word.Type, _ convert: (Word) -> Element
  ) -> [Element] {
    var result: [Element] = []
    result.reserveCapacity(header.count)
    if header.isFortranOrder && header.shape.count > 1 {
      forEachFortranPosition { result.append(convert(self.word(at: $0))) }
    } else {
      for position in 0..<header.count { result.append(convert(self.word(at: position))) }
    }
    return result
  }

  private func word<Word: FixedWidthInteger>(at position: Int) -> Word {
    let size = header.type.size
    let start = header.dataOffset + position * size
    var word: Word = 0
    for index in 0..<size {
      let byte = bytes[header.isBigEndian ? start + index : start + size - 1 - index]
      // The smart shift: `&<<` by 8 would wrap to nothing on a word of one byte.
      word = word << 8 | Word(truncatingIfNeeded: byte)
    }
    return word
  }

  /// Counts through the axes with the last one fastest and keeps the column-major position beside it.
  private func forEachFortranPosition(_ body: (Int) -> Void) {
    let shape = header.shape
    var strides: [Int] = []
    var stride = 1
    for length in shape {
      strides.append(stride)
      stride *= length
    }
    var index = Array(repeating: 0, count: shape.count)
    var position = 0
    for _ in 0..<header.count {
      body(position)
      for axis in shape.indices.reversed() {
        index[axis] += 1
        position += strides[axis]
        if index[axis] < shape[axis] { break }
        position -= strides[axis] * shape[axis]
        index[axis] = 0
      }
    }
  }
}
