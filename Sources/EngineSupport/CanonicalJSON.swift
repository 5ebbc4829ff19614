/// JSON as bytes that are the same everywhere: canonical (RFC 8785) for hashing, indented for people.
///
/// The engine never writes fractional numbers: measured values are decimal strings, so that no reader's
/// floating-point printer can change a signed document.
public enum CanonicalJSON {
  /// RFC 8785: keys sorted by UTF-16 code units, no white space, minimal escapes.
  /// Numbers must be integers within ±(2⁵³ − 1); anything else breaks a promise of the engine's own code.
  public static func bytes(of value: JSONValue) -> [UInt8] {
    var output: [UInt8] = []
    write(value, to: &output, indent: nil)
    return output
  }

  /// The same order and escapes, two spaces a level and a final line feed.
  public static func indented(_ value: JSONValue) -> [UInt8] {
    var output: [UInt8] = []
    write(value, to: &output, indent: 0)
    output.append(UInt8(ascii: "\n"))
    return output
  }

  private static func write(_ value: JSONValue, to output: inout [UInt8], indent: Int?) {
    switch value.kind {
    case .null: output.append(contentsOf: "null".utf8)
    case .bool(let flag): output.append(contentsOf: (flag ? "true" : "false").utf8)
    case .number(let literal):
      guard let integer = Int(literal), abs(integer) < 1 << 53 else {
        preconditionFailure(
          "documents carry integers below 2^53 and decimal strings, not \(literal)")
      }
      output.append(contentsOf: String(integer).utf8)
    case .string(let text): write(text, to: &output)
    case .array(let elements):
      sequence(elements, "[", "]", to: &output, indent: indent) { element, output, indent in
        write(element, to: &output, indent: indent)
      }
    case .object(let members):
      let sorted = members.sorted { $0.key.utf16.lexicographicallyPrecedes($1.key.utf16) }
      sequence(sorted, "{", "}", to: &output, indent: indent) { member, output, indent in
        write(member.key, to: &output)
        output.append(contentsOf: (indent == nil ? ":" : ": ").utf8)
        write(member.value, to: &output, indent: indent)
      }
    }
  }

  private static func sequence<Element>(
    _ elements: [Element], _ open: Unicode.Scalar, _ close: Unicode.Scalar,
    to output: inout [UInt8], indent: Int?, each: (Element, inout [UInt8], Int?) -> Void
  ) {
    output.append(UInt8(ascii: open))
    let inner = indent.map { $0 + 2 }
    for (index, element) in elements.enumerated() {
      if index > 0 { output.append(UInt8(ascii: ",")) }
      newLine(inner, to: &output)
      each(element, &output, inner)
    }
    if !elements.isEmpty { newLine(indent, to: &output) }
    output.append(UInt8(ascii: close))
  }

  private static func newLine(_ indent: Int?, to output: inout [UInt8]) {
    guard let indent else { return }
    output.append(UInt8(ascii: "\n"))
    output.append(contentsOf: repeatElement(UInt8(ascii: " "), count: indent))
  }

  private static func write(_ text: String, to output: inout [UInt8]) {
    output.append(UInt8(ascii: "\""))
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "\""): output.append(contentsOf: "\\\"".utf8)
      case UInt8(ascii: "\\"): output.append(contentsOf: "\\\\".utf8)
      case 0x08: output.append(contentsOf: "\\b".utf8)
      case 0x09: output.append(contentsOf: "\\t".utf8)
      case 0x0A: output.append(contentsOf: "\\n".utf8)
      case 0x0C: output.append(contentsOf: "\\f".utf8)
      case 0x0D: output.append(contentsOf: "\\r".utf8)
      case 0..<0x20:
        let digits = Array("0123456789abcdef".utf8)
        output.append(contentsOf: "\\u00".utf8)
        output.append(digits[Int(byte >> 4)])
        output.append(digits[Int(byte & 15)])
      default: output.append(byte)
      }
    }
    output.append(UInt8(ascii: "\""))
  }
}
