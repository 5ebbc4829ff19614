import EngineSupport
import YAMLDocuments
import Yams

/// One mapping of a YAML document, read key by key; what nobody asked for is an error with its line.
struct YAMLSection {
  let document: String
  /// Dotted path from the root, such as `models[0].inputs[0]`.
  let path: String
  private let mark: Mark?
  private var entries: [(key: String, mark: Mark?, value: Node)]
  private var known: [String] = []

  /// The whole document, which must be one mapping.
  init(document: InputDocument) throws(Diagnostic) {
    let text = try document.text()
    if let line = YAMLPreflight.lineOfCompoundKey(document.bytes) {
      throw Diagnostic(
        "product.yaml.malformed", "aliases (`*name`) cannot stand together with compound keys",
        at: SourceLocation(document: document.name, line: line))
    }
    let root: Node?
    do {
      root = try Yams.compose(yaml: text)
    } catch let error as YamlError {
      throw Self.diagnostic(for: error, in: document.name)
    } catch {
      throw Diagnostic(
        "product.yaml.malformed", "\(error)", at: SourceLocation(document: document.name))
    }
    guard let root else {
      throw Diagnostic(
        "product.yaml.empty", "the file is empty", at: SourceLocation(document: document.name))
    }
    try self.init(root, document: document.name, path: "")
  }

  init(_ node: Node, document: String, path: String) throws(Diagnostic) {
    self.document = document
    self.path = path
    mark = node.mark
    guard case .mapping(let mapping) = node else {
      throw Self.wrong(node, in: document, path, "expected keys with values here")
    }
    entries = []
    for (key, value) in mapping {
      guard let name = key.scalar?.string else {
        throw Self.wrong(key, in: document, path, "a key must be plain text")
      }
      entries.append((name, key.mark, value))
    }
  }

  var location: SourceLocation { Self.place(mark, in: document, path) }

  /// The value of `key`, or `nil` if it is not there.
  mutating func optional(_ key: String) -> YAMLValue? {
    known.append(key)
    guard let entry = entries.first(where: { $0.key == key }) else { return nil }
    return YAMLValue(
      node: entry.value, document: document, path: path.isEmpty ? key : "\(path).\(key)")
  }

  mutating func required(_ key: String) throws(Diagnostic) -> YAMLValue {
    guard let value = optional(key) else {
      throw Diagnostic(
        "product.key.missing",
        path.isEmpty ? "the key \"\(key)\" is missing" : "\(path) lacks the key \"\(key)\"",
        at: location)
    }
    return value
  }

  /// Reports each key that was never asked for; call it when the section has been read.
  func finish(reportingTo diagnostics: inout Diagnostics) {
    for entry in entries where !known.contains(entry.key) {
      diagnostics.report(
        Diagnostic(
          "product.key.unknown", "unknown key \"\(entry.key)\"",
          at: Self.place(entry.mark, in: document, path.isEmpty ? nil : path),
          hint: "known keys here: " + known.sorted().joined(separator: ", ")))
    }
  }

  static func place(_ mark: Mark?, in document: String, _ path: String?) -> SourceLocation {
    SourceLocation(
      document: document, line: mark?.line, column: mark?.column,
      path: path?.isEmpty == false ? path : nil)
  }

  static func wrong(
    _ node: Node, in document: String, _ path: String, _ message: String
  ) -> Diagnostic {
    Diagnostic("product.value.wrong", message, at: place(node.mark, in: document, path))
  }

  private static func diagnostic(for error: YamlError, in document: String) -> Diagnostic {
    switch error {
    case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
      .composer(_, let problem, let mark, _):
      Diagnostic("product.yaml.malformed", problem, at: place(mark, in: document, nil))
    case .reader(let problem, let offset, _, _):
      Diagnostic(
        "product.yaml.malformed", problem,
        at: SourceLocation(document: document, byteRange: offset.map { $0..<$0 }))
    case .duplicatedKeysInMapping(let keys, let context):
      Diagnostic(
        "product.yaml.duplicate-key",
        "the key \(keys.map { "\"\($0)\"" }.sorted().joined(separator: ", ")) stands twice",
        at: place(context.mark, in: document, nil))
    default:
      Diagnostic(
        "product.yaml.malformed", "the file is not YAML that can be read: \(error)",
        at: SourceLocation(document: document))
    }
  }
}

/// One value of a YAML document with its place, read as the type that is expected.
struct YAMLValue {
  let node: Node
  let document: String
  let path: String

  var location: SourceLocation { YAMLSection.place(node.mark, in: document, path) }

  func wrong(_ message: String) -> Diagnostic {
    YAMLSection.wrong(node, in: document, path, message)
  }

  func text() throws(Diagnostic) -> String {
    guard case .scalar(let scalar) = node else { throw wrong("expected text") }
    let text = scalar.string
    guard !text.isEmpty, text.utf8.count <= 4_096 else {
      throw wrong(text.isEmpty ? "the text is empty" : "the text is longer than 4,096 bytes")
    }
    guard text.unicodeScalars.allSatisfy({ $0.value >= 0x20 || $0 == "\n" || $0 == "\t" }) else {
      throw wrong("the text contains a control character")
    }
    return text
  }

  /// A finite number.
  func number() throws(Diagnostic) -> Double {
    guard case .scalar(let scalar) = node, let value = Double(scalar.string), value.isFinite else {
      throw wrong("expected a number")
    }
    return value
  }

  var isMapping: Bool {
    if case .mapping = node { true } else { false }
  }

  func flag() throws(Diagnostic) -> Bool {
    guard case .scalar(let scalar) = node, scalar.string == "true" || scalar.string == "false"
    else { throw wrong("expected true or false") }
    return scalar.string == "true"
  }

  func integer(in range: ClosedRange<Int>) throws(Diagnostic) -> Int {
    guard case .scalar(let scalar) = node, let value = Int(scalar.string), range.contains(value)
    else {
      throw wrong("expected a whole number from \(range.lowerBound) to \(range.upperBound)")
    }
    return value
  }

  /// A member of a closed vocabulary.
  func choice<Choice: RawRepresentable & CaseIterable>(
    of type: Choice.Type
  ) throws(Diagnostic) -> Choice where Choice.RawValue == String {
    let text = try text()
    guard let choice = Choice(rawValue: text) else {
      var diagnostic = wrong("\"\(text)\" is not known here")
      diagnostic.hint = "known: " + Choice.allCases.map(\.rawValue).sorted().joined(separator: ", ")
      throw diagnostic
    }
    return choice
  }

  func section() throws(Diagnostic) -> YAMLSection {
    try YAMLSection(node, document: document, path: path)
  }

  /// At most 1,000 elements.
  func elements() throws(Diagnostic) -> [YAMLValue] {
    guard case .sequence(let sequence) = node else { throw wrong("expected a list") }
    guard sequence.count <= 1_000 else { throw wrong("the list has more than 1,000 elements") }
    return sequence.enumerated().map { index, node in
      YAMLValue(node: node, document: document, path: "\(path)[\(index)]")
    }
  }
}
