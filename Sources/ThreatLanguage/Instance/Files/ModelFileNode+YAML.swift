import EngineSupport
import YAMLDocuments
import Yams

/// YAML as located values: Yams reads the syntax, this file bounds what a document can make of it.
extension ModelFileNode {
  static func yaml(_ document: InputDocument) throws(Diagnostic) -> ModelFileNode {
    guard document.bytes.count <= ModelFileLimits.yamlBytes else {
      throw Diagnostic(
        "model.file.too-large", "YAML over \(ModelFileLimits.yamlBytes >> 20) MiB is not read",
        at: SourceLocation(document: document.name), hint: "write the model as JSON")
    }
    let text = try document.text()
    if let line = YAMLPreflight.lineOfCompoundKey(document.bytes) {
      throw Diagnostic(
        "model.file.yaml", "aliases (`*name`) cannot stand together with compound keys",
        at: SourceLocation(document: document.name, line: line))
    }
    let marks = YAMLByteOrderMarks(text, document.bytes)
    let root: Node?
    do {
      // Without rules for tags: Yams would try regular expressions on every key; `YAMLScalar` tells types.
      root = try Yams.compose(yaml: marks.text, Resolver.basic)
    } catch let error as YamlError {
      throw diagnostic(for: error, in: document)
    } catch {
      throw Diagnostic("model.file.yaml", "\(error)", at: SourceLocation(document: document.name))
    }
    guard let root else {
      throw Diagnostic(
        "model.file.empty", "the file is empty", at: SourceLocation(document: document.name))
    }
    var conversion = YAMLConversion(
      budget: document.bytes.count + ModelFileLimits.aliasedValues, marks: marks)
    do throws(Failure) {
      return try conversion.node(root, depth: 0)
    } catch {
      let report = ModelFileReport(document, notation: .yaml)
      throw Diagnostic("model.file.yaml", error.message, at: report.location(error.place))
    }
  }

  private static func diagnostic(for error: YamlError, in document: InputDocument) -> Diagnostic {
    var location = SourceLocation(document: document.name)
    func place(_ mark: Mark) {
      location = ModelFileReport(document, notation: .yaml).location(
        Place(line: mark.line, column: mark.column))
    }
    switch error {
    case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
      .composer(_, let problem, let mark, _):
      place(mark)
      return Diagnostic("model.file.yaml", problem, at: location)
    case .reader(let problem, let offset, _, _):
      location.byteRange = offset.map { $0..<$0 }
      return Diagnostic("model.file.yaml", problem, at: location)
    case .duplicatedKeysInMapping(let keys, let context):
      place(context.mark)
      let names = keys.sorted().prefix(5).map { "“\($0)”" }.joined(separator: ", ")
      return Diagnostic(
        "model.file.duplicate-key", "keys that stand twice in one mapping: \(names)", at: location)
    default:
      return Diagnostic("model.file.yaml", "not YAML that can be read", at: location)
    }
  }
}

/// Turns Yams' nodes into located values, counting what aliases repeat.
private struct YAMLConversion {
  /// Values that may still be made.
  var budget: Int
  let marks: YAMLByteOrderMarks

  private typealias Failure = ModelFileNode.Failure

  mutating func node(
    _ node: Node, depth: Int
  ) throws(ModelFileNode.Failure) -> ModelFileNode {
    let place = ModelFileNode.Place(line: node.mark?.line ?? 1, column: node.mark?.column ?? 1)
    budget -= 1
    guard budget >= 0 else {
      throw Failure(message: "aliases repeat too much of the file", place: place)
    }
    guard depth <= ModelFileLimits.depth else {
      throw Failure(message: "nested more than \(ModelFileLimits.depth) deep", place: place)
    }
    switch node {
    case .scalar(let scalar):
      let text = marks.restored(scalar.string, isEscaped: scalar.style == .doubleQuoted)
      return ModelFileNode(kind: .scalar(text, try notation(of: scalar, place)), place: place)
    case .sequence(let sequence):
      try refuse(sequence.tag, unless: "tag:yaml.org,2002:seq", place)
      var elements: [ModelFileNode] = []
      elements.reserveCapacity(sequence.count)
      for element in sequence { elements.append(try self.node(element, depth: depth + 1)) }
      return ModelFileNode(kind: .list(elements), place: place)
    case .mapping(let mapping):
      try refuse(mapping.tag, unless: "tag:yaml.org,2002:map", place)
      return ModelFileNode(kind: .mapping(try members(mapping, depth: depth)), place: place)
    case .alias:
      throw Failure(message: "an alias that leads nowhere", place: place)
    }
  }

  private mutating func members(
    _ mapping: Node.Mapping, depth: Int
  ) throws(ModelFileNode.Failure) -> [ModelFileNode.Member] {
    var members: [ModelFileNode.Member] = []
    members.reserveCapacity(mapping.count)
    var merged: [ModelFileNode.Member] = []
    for (key, value) in mapping {
      let key = try node(key, depth: depth + 1)
      guard case .scalar(let text, let notation) = key.kind else {
        throw Failure(message: "a key must be plain text or a number", place: key.place)
      }
      let value = try node(value, depth: depth + 1)
      if text == "<<", notation == .plain {
        merged += try Self.merged(value)
      } else {
        members.append(ModelFileNode.Member(key: key, value: value))
      }
    }
    guard !merged.isEmpty else { return members }
    // What the mapping itself says goes before what it merges; of the merged, the first.
    var known = Set(members.compactMap(\.key.text))
    return merged.filter { known.insert($0.key.text ?? "").inserted } + members
  }

  /// What `<<` stands for: a mapping, or several.
  private static func merged(
    _ value: ModelFileNode
  ) throws(ModelFileNode.Failure) -> [ModelFileNode.Member] {
    switch value.kind {
    case .mapping(let members): return members
    case .list(let elements):
      var members: [ModelFileNode.Member] = []
      for element in elements {
        guard let more = element.members else {
          throw Failure(message: "only mappings can be merged with `<<`", place: element.place)
        }
        members += more
      }
      return members
    case .scalar:
      throw Failure(message: "only mappings can be merged with `<<`", place: value.place)
    }
  }

  private func notation(
    of scalar: Node.Scalar, _ place: ModelFileNode.Place
  ) throws(ModelFileNode.Failure) -> ModelFileNode.Notation {
    let isQuoted = scalar.style != .plain
    switch scalar.tag.rawValue {
    case "": return isQuoted ? .quoted : .plain
    // Yams gives this tag to plain keys too, when it looks for duplicates.
    case "tag:yaml.org,2002:str": return isQuoted ? .quoted : .plain
    case "!": return .quoted
    case "tag:yaml.org,2002:int", "tag:yaml.org,2002:float", "tag:yaml.org,2002:bool",
      "tag:yaml.org,2002:null", "tag:yaml.org,2002:timestamp":
      return .plain
    case let tag: throw Failure(message: "the tag “\(tag)” is not known here", place: place)
    }
  }

  private func refuse(
    _ tag: Tag, unless known: String, _ place: ModelFileNode.Place
  ) throws(ModelFileNode.Failure) {
    guard tag.rawValue.isEmpty || tag.rawValue == "!" || tag.rawValue == known else {
      throw Failure(message: "the tag “\(tag.rawValue)” is not known here", place: place)
    }
  }
}
