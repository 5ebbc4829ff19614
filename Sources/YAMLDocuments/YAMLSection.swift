package import EngineSupport
import Yams

/// One mapping of a YAML document, read key by key; what nobody asked for is an error with its line.
///
/// Diagnostics are named after the kind of file: `product.key.missing`, `plan.key.missing`.
package struct YAMLSection {
  package let document: String
  /// The first word of diagnostic codes, such as `product`.
  let family: String
  /// Dotted path from the root, such as `models[0].inputs[0]`.
  package let path: String
  private let mark: Mark?
  private var entries: [(key: String, mark: Mark?, value: Node)]
  private var known: [String] = []

  /// The whole document, which must be one mapping.
  package init(document: InputDocument, family: String) throws(Diagnostic) {
    let text = try document.text()
    if let line = YAMLPreflight.lineOfCompoundKey(document.bytes) {
      throw Diagnostic(
        Self.code(family, "yaml.malformed"),
        "aliases (`*name`) cannot stand together with compound keys",
        at: SourceLocation(document: document.name, line: line))
    }
    let root: Node?
    do {
      root = try Yams.compose(yaml: text)
    } catch let error as YamlError {
      throw Self.diagnostic(for: error, in: document.name, family)
    } catch {
      throw Diagnostic(
        Self.code(family, "yaml.malformed"), "\(error)", at: SourceLocation(document: document.name)
      )
    }
    guard let root else {
      throw Diagnostic(
        Self.code(family, "yaml.empty"), "the file is empty",
        at: SourceLocation(document: document.name))
    }
    try self.init(root, document: document.name, family: family, path: "")
  }

  init(
    _ node: Node, document: String, family: String, path: String
  ) throws(Diagnostic) {
    self.document = document
    self.family = family
    self.path = path
    mark = node.mark
    guard case .mapping(let mapping) = node else {
      throw Self.wrong(node, in: document, family, path, "expected keys with values here")
    }
    entries = []
    for (key, value) in mapping {
      guard let name = key.scalar?.string else {
        throw Self.wrong(key, in: document, family, path, "a key must be plain text")
      }
      entries.append((name, key.mark, value))
    }
  }

  package var location: SourceLocation { Self.place(mark, in: document, path) }

  /// The value of `key`, or `nil` if it is not there.
  package mutating func optional(_ key: String) -> YAMLValue? {
    known.append(key)
    guard let entry = entries.first(where: { $0.key == key }) else { return nil }
    return YAMLValue(
      node: entry.value, document: document, family: family,
      path: path.isEmpty ? key : "\(path).\(key)")
  }

  package mutating func required(_ key: String) throws(Diagnostic) -> YAMLValue {
    guard let value = optional(key) else {
      throw Diagnostic(
        Self.code(family, "key.missing"),
        path.isEmpty ? "the key \"\(key)\" is missing" : "\(path) lacks the key \"\(key)\"",
        at: location)
    }
    return value
  }

  /// Reports each key that was never asked for; call it when the section has been read.
  package func finish(reportingTo diagnostics: inout Diagnostics) {
    for entry in entries where !known.contains(entry.key) {
      diagnostics.report(
        Diagnostic(
          Self.code(family, "key.unknown"), "unknown key \"\(entry.key)\"",
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
    _ node: Node, in document: String, _ family: String, _ path: String, _ message: String
  ) -> Diagnostic {
    Diagnostic(code(family, "value.wrong"), message, at: place(node.mark, in: document, path))
  }

  private static func diagnostic(
    for error: YamlError, in document: String, _ family: String
  ) -> Diagnostic {
    switch error {
    case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
      .composer(_, let problem, let mark, _):
      Diagnostic(code(family, "yaml.malformed"), problem, at: place(mark, in: document, nil))
    case .reader(let problem, let offset, _, _):
      Diagnostic(
        code(family, "yaml.malformed"), problem,
        at: SourceLocation(document: document, byteRange: offset.map { $0..<$0 }))
    case .duplicatedKeysInMapping(let keys, let context):
      Diagnostic(
        code(family, "yaml.duplicate-key"),
        "the key \(keys.map { "\"\($0)\"" }.sorted().joined(separator: ", ")) stands twice",
        at: place(context.mark, in: document, nil))
    default:
      Diagnostic(
        code(family, "yaml.malformed"), "the file is not YAML that can be read: \(error)",
        at: SourceLocation(document: document))
    }
  }

  static func code(_ family: String, _ name: String) -> Diagnostic.Code {
    Diagnostic.Code("\(family).\(name)")
  }
}
