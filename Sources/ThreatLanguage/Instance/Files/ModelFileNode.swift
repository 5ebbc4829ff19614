/// One value of a model file with its place, whether the file is YAML or JSON.
struct ModelFileNode: Sendable {
  /// Counted from 1; the column in the unit of the syntax's own reader (see `ModelFileReport`).
  struct Place: Sendable {
    var line: Int32
    var column: Int32

    init(line: Int, column: Int) {
      self.line = Int32(clamping: line)
      self.column = Int32(clamping: column)
    }
  }

  enum Notation: Sendable {
    /// Without quotes in YAML: may be a number, a truth value, a date or nothing.
    case plain
    /// In quotes: text, whatever it looks like.
    case quoted
    /// A number or word of JSON.
    case literal
  }

  enum Kind: Sendable {
    case scalar(String, Notation)
    case list([ModelFileNode])
    case mapping([Member])
  }

  struct Member: Sendable {
    var key: ModelFileNode
    var value: ModelFileNode
  }

  var kind: Kind
  var place: Place

  /// The scalar as written, without quotes.
  var text: String? {
    if case .scalar(let text, _) = kind { text } else { nil }
  }

  var members: [Member]? {
    if case .mapping(let members) = kind { members } else { nil }
  }

  /// Whether nothing stands here.
  var isNull: Bool {
    switch kind {
    case .scalar(let text, .plain): YAMLScalar.isNull(text)
    case .scalar(let text, .literal): text == "null"
    default: false
    }
  }

  /// What a person would call this value in an error.
  var description: String {
    switch kind {
    case .scalar where isNull: "nothing"
    case .scalar(let text, _): "“\(text.prefix(60))”"
    case .list: "a list"
    case .mapping: "a mapping"
    }
  }

  subscript(key: String) -> ModelFileNode? { members?.first { $0.key.text == key }?.value }
}

extension ModelFileNode {
  typealias Value = InstanceModelFile.Value

  /// The data below this node.
  func value() throws(Failure) -> Value {
    switch kind {
    case .scalar(let text, let notation):
      guard let value = Self.scalar(text, notation) else {
        throw Failure(message: "\(description) is not a number that can be kept", place: place)
      }
      return value
    case .list(let elements):
      var values: [Value] = []
      values.reserveCapacity(elements.count)
      for element in elements { values.append(try element.value()) }
      return .list(values)
    case .mapping(let members):
      return .mapping(try Self.entries(members))
    }
  }

  /// `members` as data; two keys that JSON would write alike are an error.
  static func entries(_ members: [Member]) throws(Failure) -> [Value.Entry] {
    var entries: [Value.Entry] = []
    var labels: Set<String> = []
    for member in members {
      let key = try member.key.value()
      guard let label = key.label, labels.insert(label).inserted else {
        throw Failure(
          message: "the key \(member.key.description) stands twice", place: member.key.place)
      }
      entries.append(Value.Entry(key, try member.value.value()))
    }
    return entries
  }

  struct Failure: Error {
    var message: String
    var place: Place
  }

  private static func scalar(_ text: String, _ notation: Notation) -> Value? {
    switch notation {
    case .quoted: return .text(text)
    case .plain: return YAMLScalar.value(of: text)
    case .literal:
      switch text {
      case "null": return .null
      case "true": return .bool(true)
      case "false": return .bool(false)
      default:
        if text.utf8.allSatisfy({ $0 == UInt8(ascii: "-") || (0x30...0x39).contains($0) }) {
          return .integer(text == "-0" ? "0" : text)
        }
        return Double(text).flatMap { $0.isFinite ? .number($0) : nil }
      }
    }
  }
}
