public import EngineSupport

/// Language-specification JSON as bytes: members in their order, four spaces a level, ASCII only, as
/// mal-toolbox writes it.
public enum SpecificationText {
  /// The value as JSON text, without a line feed at the end.
  public static func bytes(of value: JSONValue) -> [UInt8] {
    var output: [UInt8] = []
    write(value, indent: 0, to: &output)
    return output
  }

  package static func write(_ value: JSONValue, indent: Int, to output: inout [UInt8]) {
    switch value.kind {
    case .null: output += "null".utf8
    case .bool(let flag): output += (flag ? "true" : "false").utf8
    case .number(let literal): output += literal.utf8
    case .string(let text): write(text, to: &output)
    case .array(let elements):
      sequence(elements, "[", "]", indent: indent, to: &output) { element, output in
        write(element, indent: indent + 4, to: &output)
      }
    case .object(let members):
      sequence(members, "{", "}", indent: indent, to: &output) { member, output in
        write(member.key, to: &output)
        output += ": ".utf8
        write(member.value, indent: indent + 4, to: &output)
      }
    }
  }

  private static func sequence<Element>(
    _ elements: [Element], _ open: Unicode.Scalar, _ close: Unicode.Scalar, indent: Int,
    to output: inout [UInt8], each: (Element, inout [UInt8]) -> Void
  ) {
    output.append(UInt8(ascii: open))
    for (index, element) in elements.enumerated() {
      if index > 0 { output.append(UInt8(ascii: ",")) }
      newLine(indent + 4, to: &output)
      each(element, &output)
    }
    if !elements.isEmpty { newLine(indent, to: &output) }
    output.append(UInt8(ascii: close))
  }

  private static func newLine(_ indent: Int, to output: inout [UInt8]) {
    output.append(UInt8(ascii: "\n"))
    output.append(contentsOf: repeatElement(UInt8(ascii: " "), count: indent))
  }

  private static func write(_ text: String, to output: inout [UInt8]) {
    output.append(UInt8(ascii: "\""))
    for unit in text.utf16 {
      switch unit {
      case 0x22: output += "\\\"".utf8
      case 0x5C: output += "\\\\".utf8
      case 0x08: output += "\\b".utf8
      case 0x09: output += "\\t".utf8
      case 0x0A: output += "\\n".utf8
      case 0x0C: output += "\\f".utf8
      case 0x0D: output += "\\r".utf8
      case 0x20..<0x7F: output.append(UInt8(truncatingIfNeeded: unit))
      default:
        output += "\\u".utf8
        let digits = Array("0123456789abcdef".utf8)
        for shift in [12, 8, 4, 0] { output.append(digits[Int(unit >> UInt16(shift)) & 15]) }
      }
    }
    output.append(UInt8(ascii: "\""))
  }
}
