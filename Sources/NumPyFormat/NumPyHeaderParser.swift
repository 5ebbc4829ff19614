import EngineSupport

/// Reads the dictionary literal of a `.npy` header: exactly the three keys, and of Python only text,
/// `True`, `False`, whole numbers and tuples of them.
struct NumPyHeaderParser {
  struct Fields {
    var description: String
    var isFortranOrder: Bool
    var shape: [Int]
  }

  private let bytes: [UInt8]
  private let end: Int
  private let location: SourceLocation
  private var position: Int

  init(bytes: [UInt8], range: Range<Int>, location: SourceLocation) {
    self.bytes = bytes
    self.location = location
    position = range.lowerBound
    end = range.upperBound
  }

  mutating func fields() throws(Diagnostic) -> Fields {
    var description: String?
    var isFortranOrder: Bool?
    var shape: [Int]?
    skipSpace()
    try expect("{")
    while !take("}") {
      let keyPosition = position
      let key = try text()
      try expect(":")
      switch key {
      case "descr" where description == nil: description = try elementType()
      case "fortran_order" where isFortranOrder == nil: isFortranOrder = try truth()
      case "shape" where shape == nil: shape = try tuple()
      case "descr", "fortran_order", "shape":
        throw failure("the key '\(key)' stands twice", at: keyPosition)
      default: throw failure("unknown key '\(key)'", at: keyPosition)
      }
      guard take(",") else {
        try expect("}")
        break
      }
    }
    guard position == end else { throw failure("something follows the dictionary") }
    guard let description, let isFortranOrder, let shape else {
      throw failure("'descr', 'fortran_order' and 'shape' must all be given")
    }
    return Fields(description: description, isFortranOrder: isFortranOrder, shape: shape)
  }

  private func failure(_ message: String, at start: Int? = nil) -> Diagnostic {
    let start = start ?? position
    var place = location
    place.byteRange = start..<min(start + 1, end)
    return Diagnostic("numpy.header.malformed", "\(message) (header byte \(start))", at: place)
  }

  private mutating func skipSpace() {
    while position < end, [0x20, 0x09, 0x0A, 0x0D].contains(bytes[position]) { position += 1 }
  }

  private mutating func take(_ character: Unicode.Scalar) -> Bool {
    guard position < end, bytes[position] == UInt8(ascii: character) else { return false }
    position += 1
    skipSpace()
    return true
  }

  private mutating func expect(_ character: Unicode.Scalar) throws(Diagnostic) {
    guard take(character) else { throw failure("expected '\(character)'") }
  }

  private mutating func elementType() throws(Diagnostic) -> String {
    guard position < end, bytes[position] != UInt8(ascii: "[") else {
      throw Diagnostic(
        "numpy.type.unsupported", "a structured element type is not one that is read",
        at: location, hint: "save each field as an array of its own")
    }
    return try text()
  }

  private mutating func text() throws(Diagnostic) -> String {
    guard position < end, [0x22, 0x27].contains(bytes[position]) else {
      throw failure("expected text in quotes")
    }
    let quote = bytes[position]
    let start = position + 1
    var index = start
    while index < end, bytes[index] != quote {
      // A backslash would need Python's escapes; no header that NumPy writes has one.
      guard (0x20..<0x7F).contains(bytes[index]), bytes[index] != UInt8(ascii: "\\") else {
        throw failure("only plain ASCII stands in a header's text", at: index)
      }
      index += 1
    }
    guard index < end else { throw failure("the text is not closed") }
    position = index + 1
    skipSpace()
    return String(decoding: bytes[start..<index], as: UTF8.self)
  }

  private mutating func truth() throws(Diagnostic) -> Bool {
    for (word, value) in [("True", true), ("False", false)]
    where bytes[position..<end].starts(with: word.utf8) {
      position += word.utf8.count
      skipSpace()
      return value
    }
    throw failure("expected True or False")
  }

  private mutating func tuple() throws(Diagnostic) -> [Int] {
    try expect("(")
    var lengths: [Int] = []
    while !take(")") {
      lengths.append(try length())
      if take(",") { continue }
      guard lengths.count > 1 else { throw failure("a tuple of one needs a comma") }
      try expect(")")
      break
    }
    return lengths
  }

  private mutating func length() throws(Diagnostic) -> Int {
    let start = position
    while position < end, (0x30...0x39).contains(bytes[position]) { position += 1 }
    guard position > start,
      let value = Int(String(decoding: bytes[start..<position], as: UTF8.self))
    else { throw failure("expected the length of an axis", at: start) }
    skipSpace()
    return value
  }
}
