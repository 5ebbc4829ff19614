import EngineSupport

/// What a `.npy` file says about itself before its data: element type, byte order, axis order, shape.
///
/// Source: NumPy Enhancement Proposal 1 and `numpy.lib.format` (versions 1.0, 2.0, 3.0).
struct NumPyHeader {
  enum ElementType: String {
    case bool = "b1"
    case int8 = "i1"
    case int16 = "i2"
    case int32 = "i4"
    case int64 = "i8"
    case uint8 = "u1"
    case uint16 = "u2"
    case uint32 = "u4"
    case uint64 = "u8"
    case half = "f2"
    case float = "f4"
    case double = "f8"
    /// Text of a fixed number of code points; the number follows the letter.
    case text = "U"

    /// Bytes of one word: of one element, but for text.
    var size: Int {
      switch self {
      case .bool, .int8, .uint8: 1
      case .int16, .uint16, .half: 2
      case .int32, .uint32, .float, .text: 4
      case .int64, .uint64, .double: 8
      }
    }
  }

  /// NumPy itself refuses longer headers by default.
  private static let lengthLimit = 10_000
  /// NumPy's own limit of axes.
  private static let rankLimit = 64
  /// Code points of one element of text.
  private static let textLimit = 1 << 20
  private static let magic: [UInt8] = [0x93] + Array("NUMPY".utf8)

  let type: ElementType
  /// Code points of each element of text; 1 for all other types.
  let wordsPerElement: Int
  let isBigEndian: Bool
  let isFortranOrder: Bool
  let shape: [Int]
  /// The product of `shape`.
  let count: Int
  /// Where the data begins.
  let dataOffset: Int

  init(of bytes: [UInt8], at location: SourceLocation) throws(Diagnostic) {
    func malformed(_ message: String, _ range: Range<Int>? = nil) -> Diagnostic {
      var place = location
      place.byteRange = range
      return Diagnostic("numpy.header.malformed", message, at: place)
    }
    guard bytes.starts(with: Self.magic) else {
      throw malformed("not an array: it does not begin with NumPy's magic bytes", 0..<0)
    }
    guard bytes.count >= 8 else { throw malformed("the header ends too early") }
    let width: Int
    switch (bytes[6], bytes[7]) {
    case (1, 0): width = 2
    case (2, 0), (3, 0): width = 4
    case (let major, let minor):
      throw malformed("format version \(major).\(minor) is not 1.0, 2.0 or 3.0", 6..<8)
    }
    let start = 8 + width
    guard bytes.count >= start else { throw malformed("the header ends too early") }
    let length = bytes[8..<start].reversed().reduce(0) { $0 << 8 | Int($1) }
    guard length <= Self.lengthLimit else {
      throw malformed(
        "a header of \(length) bytes; at most \(Self.lengthLimit) are read", 8..<start)
    }
    guard length <= bytes.count - start else { throw malformed("the header ends too early") }

    var parser = NumPyHeaderParser(
      bytes: bytes, range: start..<start + length, location: location)
    let fields = try parser.fields()
    let (type, words, isBigEndian) = try Self.elementType(fields.description, at: location)
    guard fields.shape.count <= Self.rankLimit else {
      throw malformed("\(fields.shape.count) axes; at most \(Self.rankLimit) are read")
    }
    // Axes of length 0 count as 1 here, so that no product of some of the axes can overflow later.
    var volume = type.size * max(words, 1)
    for length in fields.shape {
      let (product, overflow) = volume.multipliedReportingOverflow(by: max(length, 1))
      guard !overflow else { throw malformed("the shape \(fields.shape) is too large") }
      volume = product
    }
    self.type = type
    wordsPerElement = words
    self.isBigEndian = isBigEndian
    isFortranOrder = fields.isFortranOrder
    shape = fields.shape
    count = fields.shape.reduce(1, *)
    dataOffset = start + length
  }

  private static func elementType(
    _ description: String, at location: SourceLocation
  ) throws(Diagnostic) -> (ElementType, words: Int, isBigEndian: Bool) {
    let order = description.first
    let name = String(description.dropFirst())
    if name.hasPrefix("O") {
      throw Diagnostic(
        "numpy.object.refused",
        "an array of Python objects (\"\(description)\"): it holds a pickle, which is a program",
        at: location, hint: "save the array with a numeric dtype")
    }
    if name.hasPrefix("U"), order == "<" || order == ">", let words = Int(name.dropFirst()),
      (0...textLimit).contains(words)
    {
      return (.text, words, order == ">")
    }
    guard let type = ElementType(rawValue: name), type != .text,
      order == "<" || order == ">" || (order == "|" && type.size == 1)
    else {
      throw Diagnostic(
        "numpy.type.unsupported", "element type \"\(description)\" is not one that is read",
        at: location, hint: "bool, int8…int64, uint8…uint64, float16…float64 and text (U) are")
    }
    return (type, 1, order == ">")
  }
}
