/// A model file as JSON, indented as mal-toolbox indents it.
struct ModelJSONOutput: ModelOutput {
  private(set) var bytes: [UInt8] = []
  private var depth = 0
  private var isFirst = true

  mutating func open(_ key: Value?) {
    if let key { begin(key) }
    append("{")
    depth += 1
    isFirst = true
  }

  mutating func close() {
    depth -= 1
    newLine()
    append("}")
    isFirst = false
    if depth == 0 { append("\n") }
  }

  mutating func member(_ key: Value, _ value: Value) {
    begin(key)
    write(value)
    isFirst = false
  }

  /// Keys are text in JSON, whatever they were.
  private mutating func begin(_ key: Value) {
    if !isFirst { append(",") }
    newLine()
    write(text: key.label ?? "")
    append(": ")
  }

  private mutating func write(_ value: Value) {
    switch value {
    case .null: append("null")
    case .bool(let flag): append(flag ? "true" : "false")
    case .integer(let digits): append(digits)
    case .number(let number): append(Value.literal(number))
    case .text(let text), .timestamp(let text): write(text: text)
    case .list(let elements):
      sequence("[", "]", elements) { output, element in output.write(element) }
    case .mapping(let entries):
      sequence("{", "}", entries) { output, entry in
        output.write(text: entry.key.label ?? "")
        output.append(": ")
        output.write(entry.value)
      }
    }
  }

  private mutating func sequence<Element>(
    _ open: String, _ close: String, _ elements: [Element],
    _ each: (inout ModelJSONOutput, Element) -> Void
  ) {
    append(open)
    depth += 1
    for (place, element) in elements.enumerated() {
      if place > 0 { append(",") }
      newLine()
      each(&self, element)
    }
    depth -= 1
    if !elements.isEmpty { newLine() }
    append(close)
  }

  private mutating func newLine() {
    bytes.append(0x0A)
    bytes.append(contentsOf: repeatElement(0x20, count: 4 * depth))
  }

  private mutating func append(_ text: String) { bytes.append(contentsOf: text.utf8) }

  private mutating func write(text: String) {
    bytes.append(UInt8(ascii: "\""))
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "\""): append("\\\"")
      case UInt8(ascii: "\\"): append("\\\\")
      case 0x0A: append("\\n")
      case 0x09: append("\\t")
      case 0x0D: append("\\r")
      case 0..<0x20:
        append("\\u00")
        bytes.append(Self.hexadecimal[Int(byte >> 4)])
        bytes.append(Self.hexadecimal[Int(byte & 15)])
      default: bytes.append(byte)
      }
    }
    bytes.append(UInt8(ascii: "\""))
  }

  private static let hexadecimal = Array("0123456789abcdef".utf8)
}
