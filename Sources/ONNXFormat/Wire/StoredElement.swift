import TensorCore

/// How an element type lies in a file: a little-endian word, or an entry of one of the typed lists.
///
/// Source: ONNX IR specification, `TensorProto`.
protocol StoredElement: TensorElement {
  associatedtype Word: FixedWidthInteger & UnsignedInteger
  /// nil where the bits are outside the type.
  init?(word: Word)
  /// The typed list that holds this type, as words.
  static func list(of tensor: WireTensor) -> [Word?]
}

extension StoredElement where Self: IntegerElement {
  init?(word: Word) { self.init(truncatingIfNeeded: word) }
  static func list(of tensor: WireTensor) -> [Word?] {
    tensor.int32Data.map { stored in Self(exactly: stored).map { Word(truncatingIfNeeded: $0) } }
  }
}

extension Int8: StoredElement { typealias Word = UInt8 }
extension Int16: StoredElement { typealias Word = UInt16 }
extension Int32: StoredElement { typealias Word = UInt32 }
extension UInt8: StoredElement { typealias Word = UInt8 }
extension UInt16: StoredElement { typealias Word = UInt16 }

extension Int64: StoredElement {
  typealias Word = UInt64
  static func list(of tensor: WireTensor) -> [UInt64?] {
    tensor.int64Data.map { UInt64(bitPattern: $0) }
  }
}

extension UInt64: StoredElement {
  typealias Word = UInt64
  static func list(of tensor: WireTensor) -> [UInt64?] { tensor.uint64Data.map { $0 } }
}

extension UInt32: StoredElement {
  typealias Word = UInt32
  static func list(of tensor: WireTensor) -> [UInt32?] {
    tensor.uint64Data.map { UInt32(exactly: $0) }
  }
}

extension Bool: StoredElement {
  init?(word: UInt8) {
    guard word < 2 else { return nil }
    self = word == 1
  }
  static func list(of tensor: WireTensor) -> [UInt8?] {
    tensor.int32Data.map { UInt8(exactly: $0) }
  }
}

extension Float: StoredElement {
  init?(word: UInt32) { self.init(bitPattern: word) }
  static func list(of tensor: WireTensor) -> [UInt32?] { tensor.floatData.map(\.bitPattern) }
}

extension Double: StoredElement {
  init?(word: UInt64) { self.init(bitPattern: word) }
  static func list(of tensor: WireTensor) -> [UInt64?] { tensor.doubleData.map(\.bitPattern) }
}

/// Reduced floats of 16 and of 8 bits.
extension StoredElement where Self: ReducedFloat {
  init?(word: Word) { self.init(bits: UInt16(truncatingIfNeeded: word)) }
  static func list(of tensor: WireTensor) -> [Word?] {
    tensor.int32Data.map { Word(exactly: $0) }
  }
}

extension Half: StoredElement { typealias Word = UInt16 }
extension BrainFloat: StoredElement { typealias Word = UInt16 }
extension Float8E4M3FN: StoredElement { typealias Word = UInt8 }
extension Float8E4M3FNUZ: StoredElement { typealias Word = UInt8 }
extension Float8E5M2: StoredElement { typealias Word = UInt8 }
extension Float8E5M2FNUZ: StoredElement { typealias Word = UInt8 }
