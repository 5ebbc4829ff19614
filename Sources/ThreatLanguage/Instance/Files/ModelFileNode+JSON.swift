import EngineSupport

/// JSON as located values.
extension ModelFileNode {
  static func json(_ document: InputDocument) throws(Diagnostic) -> ModelFileNode {
    guard document.bytes.count <= ModelFileLimits.jsonBytes else {
      throw Diagnostic(
        "model.file.too-large", "JSON over \(ModelFileLimits.jsonBytes >> 20) MiB is not read",
        at: SourceLocation(document: document.name))
    }
    return ModelFileNode(try JSONParser.parse(document))
  }

  /// The parser has bounded the depth.
  private init(_ value: JSONValue) {
    place = Place(line: value.location?.line ?? 1, column: value.location?.column ?? 1)
    switch value.kind {
    case .null: kind = .scalar("null", .literal)
    case .bool(let flag): kind = .scalar(flag ? "true" : "false", .literal)
    case .number(let literal): kind = .scalar(literal, .literal)
    case .string(let text): kind = .scalar(text, .quoted)
    case .array(let elements): kind = .list(elements.map(ModelFileNode.init))
    case .object(let members):
      kind = .mapping(
        members.map {
          // The value's place is as good as the key's: JSON keeps them together.
          let value = ModelFileNode($0.value)
          return Member(
            key: ModelFileNode(kind: .scalar($0.key, .quoted), place: value.place), value: value)
        })
    }
  }
}
