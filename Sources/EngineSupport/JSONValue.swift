/// A JSON value that remembers where it stood: errors in descriptors point at line, column and pointer.
public struct JSONValue: Sendable, Hashable {
  public enum Kind: Sendable, Hashable {
    case null
    case bool(Bool)
    /// The literal as written; see `JSONValue.integer` and `JSONValue.double`.
    case number(String)
    case string(String)
    case array([JSONValue])
    /// Members in source order; keys are unique.
    case object([Member])
  }

  public struct Member: Sendable, Hashable {
    public var key: String
    public var value: JSONValue

    public init(_ key: String, _ value: JSONValue) {
      self.key = key
      self.value = value
    }
  }

  public var kind: Kind
  /// `nil` for values made by the engine.
  public var location: SourceLocation?

  public init(_ kind: Kind, at location: SourceLocation? = nil) {
    self.kind = kind
    self.location = location
  }

  public subscript(key: String) -> JSONValue? {
    guard case .object(let members) = kind else { return nil }
    return members.first { $0.key == key }?.value
  }

  public var string: String? {
    if case .string(let text) = kind { text } else { nil }
  }

  public var bool: Bool? {
    if case .bool(let flag) = kind { flag } else { nil }
  }

  public var elements: [JSONValue]? {
    if case .array(let elements) = kind { elements } else { nil }
  }

  public var members: [Member]? {
    if case .object(let members) = kind { members } else { nil }
  }

  public var integer: Int? {
    if case .number(let literal) = kind { Int(literal) } else { nil }
  }

  public var double: Double? {
    if case .number(let literal) = kind { Double(literal) } else { nil }
  }
}

extension JSONValue: ExpressibleByStringLiteral, ExpressibleByArrayLiteral,
  ExpressibleByDictionaryLiteral, ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral
{
  public init(stringLiteral value: String) { self.init(.string(value)) }
  public init(arrayLiteral elements: JSONValue...) { self.init(.array(elements)) }
  public init(dictionaryLiteral elements: (String, JSONValue)...) {
    self.init(.object(elements.map { Member($0.0, $0.1) }))
  }
  public init(integerLiteral value: Int) { self.init(.number(String(value))) }
  public init(booleanLiteral value: Bool) { self.init(.bool(value)) }
}

extension JSONValue {
  public static func string(_ text: String) -> JSONValue { JSONValue(.string(text)) }
  public static func bool(_ flag: Bool) -> JSONValue { JSONValue(.bool(flag)) }
  public static func integer(_ value: Int) -> JSONValue { JSONValue(.number(String(value))) }
  public static func array(_ elements: [JSONValue]) -> JSONValue { JSONValue(.array(elements)) }
  public static func strings(_ texts: [String]) -> JSONValue {
    JSONValue(.array(texts.map { JSONValue(.string($0)) }))
  }
  public static var null: JSONValue { JSONValue(.null) }

  /// An object from members, leaving out those whose value is `nil`.
  public static func object(_ members: [(String, JSONValue?)]) -> JSONValue {
    JSONValue(.object(members.compactMap { key, value in value.map { Member(key, $0) } }))
  }
}
