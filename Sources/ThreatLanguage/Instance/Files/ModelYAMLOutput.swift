/// A model file as YAML in block style, which PyYAML and YAML 1.2 readers take alike.
///
/// Text stands without quotes only where no reader could take it for anything else; otherwise in double
/// quotes on one line, with escapes.
struct ModelYAMLOutput: ModelOutput {
  private(set) var bytes: [UInt8] = []
  private var depth = 0

  mutating func open(_ key: Value?) {
    guard let key else { return }
    indent(2 * depth)
    write(key: key, 2 * depth)
    bytes.append(0x0A)
    depth += 1
  }

  mutating func close() { depth -= 1 }

  mutating func member(_ key: Value, _ value: Value) {
    indent(2 * depth)
    write(Value.Entry(key, value), 2 * depth)
  }

  private mutating func write(_ entry: Value.Entry, _ column: Int) {
    write(key: entry.key, column)
    write(below: entry.value, column + 2, isInline: false)
  }

  /// Ends with the colon. Readers look for it within 1,024 characters, unless the key is announced.
  private mutating func write(key: Value, _ column: Int) {
    let start = bytes.count
    write(scalar: key)
    if bytes.count - start > 500 {
      bytes.insert(contentsOf: "? ".utf8, at: start)
      bytes.append(0x0A)
      indent(column)
    }
    append(":")
  }

  /// What stands behind a colon, or behind the dash of a list.
  private mutating func write(below value: Value, _ column: Int, isInline: Bool) {
    switch value {
    case .list(let elements) where !elements.isEmpty:
      for (place, element) in elements.enumerated() {
        begin(place, column, isInline: isInline)
        append("-")
        write(below: element, column + 2, isInline: true)
      }
    case .mapping(let entries) where !entries.isEmpty:
      for (place, entry) in entries.enumerated() {
        begin(place, column, isInline: isInline)
        write(entry, column)
      }
    default:
      append(" ")
      write(scalar: value)
      bytes.append(0x0A)
    }
  }

  /// The first element of a list in a list stands behind its dash.
  private mutating func begin(_ place: Int, _ column: Int, isInline: Bool) {
    if place == 0 {
      if isInline { return append(" ") }
      bytes.append(0x0A)
    }
    indent(column)
  }

  private mutating func indent(_ count: Int) {
    bytes.append(contentsOf: repeatElement(0x20, count: count))
  }

  private mutating func append(_ text: String) { bytes.append(contentsOf: text.utf8) }

  private mutating func write(scalar: Value) {
    switch scalar {
    case .null: append("null")
    case .bool(let flag): append(flag ? "true" : "false")
    case .integer(let digits), .timestamp(let digits): append(digits)
    case .number(let number): append(Value.literal(number))
    case .list: append("[]")
    case .mapping: append("{}")
    case .text(let text): Self.isPlain(text) ? append(text) : write(quoted: text)
    }
  }

  /// Letters, digits and a few signs, starting with a letter, and no word that has a meaning.
  private static func isPlain(_ text: String) -> Bool {
    var previous: UInt8 = 0
    for byte in text.utf8 {
      switch byte {
      case 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "_"): break
      case 0x30...0x39, UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "/"),
        UInt8(ascii: "("), UInt8(ascii: ")"):
        guard previous != 0 else { return false }
      case 0x20, UInt8(ascii: ":"):
        guard previous != 0, previous != UInt8(ascii: ":") else { return false }
      default: return false
      }
      previous = byte
    }
    guard previous != 0, previous != 0x20, previous != UInt8(ascii: ":") else { return false }
    guard text.utf8.count <= 5 else { return text.utf8.count <= 500 }
    return !["y", "n", "yes", "no", "on", "off", "true", "false", "null"].contains(
      text.lowercased())
  }

  private mutating func write(quoted text: String) {
    append("\"")
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": append("\\\"")
      case "\\": append("\\\\")
      case "\n": append("\\n")
      case "\t": append("\\t")
      case "\r": append("\\r")
      case " "..."~": bytes.append(UInt8(truncatingIfNeeded: scalar.value))
      default: write(scalar)
      }
    }
    append("\"")
  }

  /// What YAML 1.1 counts as printable stands as it is, but for line ends and byte order marks.
  private mutating func write(_ scalar: Unicode.Scalar) {
    switch scalar.value {
    case 0xA0...0x2027, 0x202A...0xD7FF, 0xE000...0xFEFE, 0xFF00...0xFFFD, 0x1_0000...0x10_FFFF:
      append(String(Character(scalar)))
    case let value:
      let (mark, width) = value > 0xFF ? ("\\u", 4) : ("\\x", 2)
      let digits = String(value, radix: 16)
      append(mark + String(repeating: "0", count: width - digits.count) + digits)
    }
  }
}
