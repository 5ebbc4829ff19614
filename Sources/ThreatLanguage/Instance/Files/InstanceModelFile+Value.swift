/// Data of a model file that only its author understands, kept exactly: what YAML and JSON can say.
extension InstanceModelFile {
  public indirect enum Value: Sendable, Hashable {
    case null
    case bool(Bool)
    /// Decimal digits with a `-` where it is negative: of any size, as in Python.
    case integer(String)
    /// Always finite.
    case number(Double)
    case text(String)
    /// A date or time that YAML does not quote, as written. JSON has only texts.
    case timestamp(String)
    case list([Value])
    /// In the order of the file; keys are unique and never lists or mappings.
    case mapping([Entry])

    public struct Entry: Sendable, Hashable {
      public var key: Value
      public var value: Value

      public init(_ key: Value, _ value: Value) {
        self.key = key
        self.value = value
      }

      public init(_ key: String, _ value: Value) { self.init(.text(key), value) }
    }

    public static func integer(_ value: Int) -> Value { .integer(String(value)) }

    /// A scalar as a label: what people see; `nil` for lists and mappings.
    public var label: String? {
      switch self {
      case .null: "null"
      case .bool(let flag): flag ? "true" : "false"
      case .integer(let text), .text(let text), .timestamp(let text): text
      case .number(let value): Value.literal(value)
      case .list, .mapping: nil
      }
    }

    /// The shortest text that reads back as `value` and that YAML 1.1 takes for a number: with a point.
    static func literal(_ value: Double) -> String {
      let text = value.description
      guard let exponent = text.firstIndex(of: "e"), !text.contains(".") else { return text }
      return text[..<exponent] + ".0" + text[exponent...]
    }
  }
}

extension [InstanceModelFile.Value.Entry] {
  /// The value under a text as key.
  public subscript(key: String) -> InstanceModelFile.Value? {
    first { $0.key == .text(key) }?.value
  }
}
