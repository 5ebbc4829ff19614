public import EngineSupport

extension ArchitectureDraft {
  /// The draft as data: what `bartizan import` writes as `graph.json`.
  ///
  /// Keys: `document`, `pages[id, name]`, `shapes[id, page, cell, label, shape, container, containment,
  /// isContainer, bounds, attributes, alsoDrawnAs, place]`, `lines[id, label, source, target, bidirectional,
  /// attributes, place]`. Coordinates are decimal strings in the drawing tool's pixels.
  public var json: JSONValue {
    .object([
      ("document", .string(document)),
      (
        "pages",
        .array(pages.map { .object([("id", .string($0.id)), ("name", .string($0.name))]) })
      ),
      ("shapes", .array(shapes.map(\.json))),
      ("lines", .array(lines.map(\.json))),
    ])
  }
}

extension DrawnShape {
  fileprivate var json: JSONValue {
    .object([
      ("id", .string(id.description)), ("page", .string(id.page)), ("cell", .string(id.cell)),
      ("label", .string(label)), ("shape", .string(shapeName)),
      ("container", container.map { .string($0.description) }),
      ("containment", containment.map { .string($0.rawValue) }),
      ("isContainer", .bool(isContainer)), ("bounds", bounds?.json),
      ("attributes", attributes.json),
      ("alsoDrawnAs", .strings(alsoDrawnAs.map(\.description))), ("place", .string("\(location)")),
    ])
  }
}

extension DrawnLine {
  fileprivate var json: JSONValue {
    .object([
      ("id", .string(id.description)), ("label", .string(label)),
      ("source", source.map { .string($0.description) }),
      ("target", target.map { .string($0.description) }),
      ("bidirectional", .bool(isBidirectional)), ("attributes", attributes.json),
      ("place", .string("\(location)")),
    ])
  }
}

extension DrawnBounds {
  fileprivate var json: JSONValue {
    .object([
      ("x", .string(DecimalText.exact(x))), ("y", .string(DecimalText.exact(y))),
      ("width", .string(DecimalText.exact(width))), ("height", .string(DecimalText.exact(height))),
    ])
  }
}

extension [DrawnAttribute] {
  fileprivate var json: JSONValue {
    .array(map { .object([("name", .string($0.name)), ("value", .string($0.value))]) })
  }
}
