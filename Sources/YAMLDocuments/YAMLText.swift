package import EngineSupport
import Yams

/// YAML as located values in which every scalar is a text: the failsafe schema of YAML 1.2, section 10.1.
///
/// For formats in which a version such as `5.60` must not become a number. What aliases repeat is counted,
/// depth and size are bounded.
package enum YAMLText {
  /// The value of `document`: texts, lists, and mappings with texts as keys. Values know their line.
  ///
  /// Errors have the codes `yaml.malformed`, `yaml.duplicate-key`, `yaml.too-large` and `yaml.empty`.
  package static func value(
    of document: InputDocument, within limits: YAMLLimits = YAMLLimits()
  ) throws(Diagnostic) -> JSONValue {
    guard document.bytes.count <= limits.bytes else {
      throw Diagnostic(
        "yaml.too-large", "YAML over \(limits.bytes >> 20) MiB is not read",
        at: SourceLocation(document: document.name))
    }
    let text = try document.text()
    if let line = YAMLPreflight.lineOfCompoundKey(document.bytes) {
      throw Diagnostic(
        "yaml.malformed", "aliases (`*name`) cannot stand together with compound keys",
        at: SourceLocation(document: document.name, line: line))
    }
    let root: Node?
    do {
      // Without rules for tags: Yams would try regular expressions on every scalar.
      root = try Yams.compose(yaml: text, Resolver.basic)
    } catch let error as YamlError {
      throw diagnostic(for: error, in: document)
    } catch {
      throw Diagnostic("yaml.malformed", "\(error)", at: SourceLocation(document: document.name))
    }
    guard let root else {
      throw Diagnostic(
        "yaml.empty", "the file is empty", at: SourceLocation(document: document.name))
    }
    var reading = YAMLTextReading(
      document: document.name, budget: document.bytes.count + limits.aliasedValues,
      depthLimit: limits.depth)
    return try reading.value(of: root, depth: 0)
  }

  private static func diagnostic(for error: YamlError, in document: InputDocument) -> Diagnostic {
    func place(_ mark: Mark) -> SourceLocation {
      SourceLocation(
        document: document.name, line: mark.line,
        column: YAMLColumn.inBytes(of: document.bytes, line: mark.line, column: mark.column))
    }
    switch error {
    case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
      .composer(_, let problem, let mark, _):
      return Diagnostic("yaml.malformed", problem, at: place(mark))
    case .reader(let problem, let offset, _, _):
      return Diagnostic(
        "yaml.malformed", problem,
        at: SourceLocation(document: document.name, byteRange: offset.map { $0..<$0 }))
    case .duplicatedKeysInMapping(let keys, let context):
      let names = keys.sorted().prefix(5).map { "“\($0)”" }.joined(separator: ", ")
      return Diagnostic(
        "yaml.duplicate-key", "keys that stand twice in one mapping: \(names)",
        at: place(context.mark))
    default:
      return Diagnostic(
        "yaml.malformed", "not YAML that can be read", at: SourceLocation(document: document.name))
    }
  }
}

/// Turns Yams' nodes into values, counting what aliases repeat.
private struct YAMLTextReading {
  let document: String
  /// Values that may still be made.
  var budget: Int
  let depthLimit: Int

  mutating func value(of node: Node, depth: Int) throws(Diagnostic) -> JSONValue {
    let location = SourceLocation(document: document, line: node.mark?.line)
    budget -= 1
    guard budget >= 0 else {
      throw Diagnostic("yaml.malformed", "aliases repeat too much of the file", at: location)
    }
    guard depth <= depthLimit else {
      throw Diagnostic("yaml.malformed", "nested more than \(depthLimit) deep", at: location)
    }
    switch node {
    case .scalar(let scalar): return JSONValue(.string(scalar.string), at: location)
    case .sequence(let sequence):
      var elements: [JSONValue] = []
      for element in sequence { elements.append(try value(of: element, depth: depth + 1)) }
      return JSONValue(.array(elements), at: location)
    case .mapping(let mapping):
      var members: [JSONValue.Member] = []
      for (key, element) in mapping {
        guard case .scalar(let name) = key else {
          throw Diagnostic(
            "yaml.malformed", "a key must be plain text",
            at: SourceLocation(document: document, line: key.mark?.line))
        }
        members.append(JSONValue.Member(name.string, try value(of: element, depth: depth + 1)))
      }
      return JSONValue(.object(members), at: location)
    case .alias:
      throw Diagnostic("yaml.malformed", "an alias that leads nowhere", at: location)
    }
  }
}
