/// Reads JSON (RFC 8259) strictly, with places: no duplicate keys, bounded depth, no trailing text.
public struct JSONParser {
  private let document: String
  private let bytes: [UInt8]
  private var position = 0
  private var line = 1
  private var lineStart = 0

  private let depthLimit: Int
  /// Every value carries its pointer, so long keys over many values would multiply the document in memory.
  private var pointerBudget: Int
  /// Values that may still be read; one takes up to about 200 bytes of memory.
  private var valueBudget: Int

  /// The value of `document`, with up to `depthLimit` values inside one another and `valueLimit` in all.
  public static func parse(
    _ document: InputDocument, depthLimit: Int = 128, valueLimit: Int = .max
  ) throws(Diagnostic) -> JSONValue {
    _ = try document.text()
    var parser = JSONParser(
      document: document.name, bytes: document.bytes, depthLimit: depthLimit,
      valueLimit: valueLimit)
    parser.skipSpace()
    let value = try parser.value(at: "", depth: 0)
    parser.skipSpace()
    guard parser.position == parser.bytes.count else {
      throw parser.failure("unexpected text after the end of the value", at: "")
    }
    return value
  }

  private init(document: String, bytes: [UInt8], depthLimit: Int, valueLimit: Int) {
    self.depthLimit = depthLimit
    valueBudget = valueLimit
    self.document = document
    self.bytes = bytes
    // Small documents may nest deep under long keys; large ones must not become gigabytes of pointers.
    pointerBudget = (1 << 20) + min(128 * bytes.count, max(1 << 30, 8 * bytes.count))
  }

  private func place(_ pointer: String) -> SourceLocation {
    SourceLocation(
      document: document, line: line, column: position - lineStart + 1,
      path: pointer.isEmpty ? nil : pointer)
  }

  private func failure(_ message: String, at pointer: String) -> Diagnostic {
    Diagnostic("json.malformed", message, at: place(pointer))
  }

  private mutating func skipSpace() {
    while position < bytes.count {
      switch bytes[position] {
      case 0x20, 0x09, 0x0D: position += 1
      case 0x0A:
        position += 1
        line += 1
        lineStart = position
      default: return
      }
    }
  }

  private mutating func value(at pointer: String, depth: Int) throws(Diagnostic) -> JSONValue {
    guard depth <= depthLimit else {
      throw failure("nested more than \(depthLimit) deep", at: pointer)
    }
    guard position < bytes.count else { throw failure("the document ends too early", at: pointer) }
    guard valueBudget > 0 else { throw failure("the document has too many values", at: pointer) }
    valueBudget -= 1
    pointerBudget -= pointer.utf8.count
    guard pointerBudget >= 0 else {
      throw failure("the keys are too long for so many values below them", at: "")
    }
    var location = place(pointer)
    let start = position
    let kind: JSONValue.Kind
    switch bytes[position] {
    case UInt8(ascii: "{"): kind = try object(at: pointer, depth: depth)
    case UInt8(ascii: "["): kind = try array(at: pointer, depth: depth)
    case UInt8(ascii: "\""): kind = .string(try string(at: pointer))
    case UInt8(ascii: "t"): kind = try word("true", .bool(true), at: pointer)
    case UInt8(ascii: "f"): kind = try word("false", .bool(false), at: pointer)
    case UInt8(ascii: "n"): kind = try word("null", .null, at: pointer)
    default: kind = .number(try number(at: pointer))
    }
    location.byteRange = start..<position
    return JSONValue(kind, at: location)
  }

  private mutating func word(
    _ word: StaticString, _ kind: JSONValue.Kind, at pointer: String
  ) throws(Diagnostic) -> JSONValue.Kind {
    let letters = Array(word.description.utf8)
    guard bytes[position...].starts(with: letters) else {
      throw failure("expected a value", at: pointer)
    }
    position += letters.count
    return kind
  }

  private mutating func object(
    at pointer: String, depth: Int
  ) throws(Diagnostic) -> JSONValue.Kind {
    position += 1
    var members: [JSONValue.Member] = []
    var keys: Set<String> = []
    skipSpace()
    if take("}") { return .object([]) }
    while true {
      skipSpace()
      guard position < bytes.count, bytes[position] == UInt8(ascii: "\"") else {
        throw failure("expected a key in quotes", at: pointer)
      }
      let key = try string(at: pointer)
      let child = pointer + "/" + Self.escaped(key)
      guard keys.insert(key).inserted else {
        throw failure("the key \"\(key)\" stands twice", at: child)
      }
      skipSpace()
      guard take(":") else { throw failure("expected ':' after the key", at: child) }
      skipSpace()
      members.append(JSONValue.Member(key, try value(at: child, depth: depth + 1)))
      skipSpace()
      if take(",") { continue }
      guard take("}") else { throw failure("expected ',' or '}'", at: pointer) }
      return .object(members)
    }
  }

  private mutating func array(at pointer: String, depth: Int) throws(Diagnostic) -> JSONValue.Kind {
    position += 1
    var elements: [JSONValue] = []
    skipSpace()
    if take("]") { return .array([]) }
    while true {
      skipSpace()
      elements.append(try value(at: "\(pointer)/\(elements.count)", depth: depth + 1))
      skipSpace()
      if take(",") { continue }
      guard take("]") else { throw failure("expected ',' or ']'", at: pointer) }
      return .array(elements)
    }
  }

  private mutating func take(_ character: Unicode.Scalar) -> Bool {
    guard position < bytes.count, bytes[position] == UInt8(ascii: character) else { return false }
    position += 1
    return true
  }

  private mutating func string(at pointer: String) throws(Diagnostic) -> String {
    position += 1
    var units: [UInt8] = []
    while position < bytes.count {
      let byte = bytes[position]
      switch byte {
      case UInt8(ascii: "\""):
        position += 1
        return String(decoding: units, as: UTF8.self)
      case UInt8(ascii: "\\"):
        position += 1
        units.append(contentsOf: try escape(at: pointer).utf8)
      case 0..<0x20: throw failure("a control character must be escaped", at: pointer)
      default:
        units.append(byte)
        position += 1
      }
    }
    throw failure("the text is not closed", at: pointer)
  }

  private mutating func escape(at pointer: String) throws(Diagnostic) -> String {
    guard position < bytes.count else { throw failure("the text is not closed", at: pointer) }
    let byte = bytes[position]
    position += 1
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"):
      return String(Unicode.Scalar(byte))
    case UInt8(ascii: "b"): return "\u{8}"
    case UInt8(ascii: "f"): return "\u{c}"
    case UInt8(ascii: "n"): return "\n"
    case UInt8(ascii: "r"): return "\r"
    case UInt8(ascii: "t"): return "\t"
    case UInt8(ascii: "u"):
      let unit = try hexUnit(at: pointer)
      if let scalar = Unicode.Scalar(UInt32(unit)) { return String(Character(scalar)) }
      guard (0xD800..<0xDC00).contains(unit), take("\\"), take("u") else {
        throw failure("a surrogate stands alone", at: pointer)
      }
      let low = try hexUnit(at: pointer)
      guard (0xDC00..<0xE000).contains(low),
        let scalar = Unicode.Scalar(
          0x10000 + (UInt32(unit) - 0xD800) << 10 + (UInt32(low) - 0xDC00))
      else { throw failure("a surrogate stands alone", at: pointer) }
      return String(Character(scalar))
    default: throw failure("unknown escape", at: pointer)
    }
  }

  private mutating func hexUnit(at pointer: String) throws(Diagnostic) -> UInt16 {
    guard position + 4 <= bytes.count,
      bytes[position..<position + 4].allSatisfy({ Unicode.Scalar($0).properties.isASCIIHexDigit }),
      let unit = UInt16(String(decoding: bytes[position..<position + 4], as: UTF8.self), radix: 16)
    else { throw failure("expected four hexadecimal digits", at: pointer) }
    position += 4
    return unit
  }

  private mutating func number(at pointer: String) throws(Diagnostic) -> String {
    let start = position
    _ = take("-")
    if !take("0") { try digits(at: pointer) }
    if take(".") { try digits(at: pointer) }
    if position < bytes.count, bytes[position] | 0x20 == UInt8(ascii: "e") {
      position += 1
      if !take("+") { _ = take("-") }
      try digits(at: pointer)
    }
    return String(decoding: bytes[start..<position], as: UTF8.self)
  }

  private mutating func digits(at pointer: String) throws(Diagnostic) {
    let start = position
    while position < bytes.count, (0x30...0x39).contains(bytes[position]) { position += 1 }
    guard position > start else { throw failure("expected a value", at: pointer) }
  }

  /// A key as a JSON pointer token (RFC 6901).
  private static func escaped(_ key: String) -> String {
    var token = ""
    for character in key {
      switch character {
      case "~": token += "~0"
      case "/": token += "~1"
      default: token.append(character)
      }
    }
    return token
  }
}
