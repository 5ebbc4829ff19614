public import EngineSupport

extension KnowledgeCatalogue {
  /// Reads a catalogue in this program's own form (`"format": 1`), as the bundled ones have it.
  ///
  /// - Parameter digest: SHA-256 of the document's bytes; hashing is not done in this room.
  public init(
    reading document: InputDocument, digest: ContentDigest, origin: Origin
  ) throws(Diagnostic) {
    let root = try JSONParser.parse(
      document, depthLimit: CatalogueLimits.depth, valueLimit: CatalogueLimits.values)
    guard root["format"]?.integer == 1 else {
      throw Diagnostic(
        "knowledge.catalogue.malformed", "a catalogue of this program says \"format\": 1",
        at: root.location)
    }
    var reading = CatalogueReading(document: document.name)
    var entries: [CatalogueEntry] = []
    for value in try reading.list(root, "entries") { entries.append(try reading.entry(value)) }
    var links: [Link] = []
    if root["links"] != nil {
      for value in try reading.list(root, "links") { links += try reading.links(value) }
    }
    self.init(
      id: try reading.identifier(root), title: try reading.text(root, "title"),
      version: try reading.text(root, "version"), source: try reading.text(root, "source"),
      licence: try reading.text(root, "licence"), digest: digest, origin: origin,
      entries: entries, links: links)
  }
}

/// Reads the parts of a catalogue's JSON, with places for what is wrong.
private struct CatalogueReading {
  let document: String
  private var seen: Set<String> = []

  init(document: String) { self.document = document }

  func list(_ value: JSONValue, _ key: String) throws(Diagnostic) -> [JSONValue] {
    guard let elements = value[key]?.elements else {
      throw wrong("\"\(key)\" is a list", at: value)
    }
    guard elements.count <= CatalogueLimits.entries else {
      throw wrong("\"\(key)\" has more than \(CatalogueLimits.entries) elements", at: value)
    }
    return elements
  }

  func text(_ value: JSONValue, _ key: String) throws(Diagnostic) -> String {
    guard let text = try optionalText(value, key) else {
      throw wrong("\"\(key)\" is missing", at: value)
    }
    return text
  }

  func identifier(_ value: JSONValue) throws(Diagnostic) -> String {
    let id = try text(value, "id")
    guard CatalogueLimits.isCatalogueID(id) else {
      throw wrong("a catalogue's id consists of a-z, 0-9 and '-'", at: value)
    }
    return id
  }

  mutating func entry(_ value: JSONValue) throws(Diagnostic) -> CatalogueEntry {
    let id = try text(value, "id")
    guard seen.insert(KnowledgeCatalogue.key(id)).inserted else {
      throw wrong("the entry \"\(id)\" stands twice", at: value)
    }
    var attributes: [CatalogueEntry.Attribute] = []
    for member in try members(value, "attributes") {
      attributes.append(
        CatalogueEntry.Attribute(
          try checked(member.key, at: value), try texts(member.value, of: id)))
    }
    var relations: [CatalogueEntry.Relation] = []
    for member in try members(value, "relations") {
      let kind: CatalogueRelationKind = try choice(member.key, at: member.value)
      for target in try texts(member.value, of: id) {
        relations.append(CatalogueEntry.Relation(kind, target))
      }
    }
    var flags: [CatalogueEntry.Flag] = []
    if let value = value["flags"] {
      for flag in try texts(value, of: id) { flags.append(try choice(flag, at: value)) }
    }
    return CatalogueEntry(
      id: id, kind: try choice(try text(value, "kind"), at: value),
      name: try optionalText(value, "name"), statement: try optionalText(value, "statement"),
      attributes: attributes, relations: relations, flags: flags)
  }

  func links(_ value: JSONValue) throws(Diagnostic) -> [KnowledgeCatalogue.Link] {
    let source = try text(value, "from")
    let kind: CatalogueRelationKind = try choice(try text(value, "kind"), at: value)
    guard let targets = value["to"] else { throw wrong("\"to\" is missing", at: value) }
    return try texts(targets, of: source).map {
      KnowledgeCatalogue.Link(source: source, relation: CatalogueEntry.Relation(kind, $0))
    }
  }

  private func optionalText(_ value: JSONValue, _ key: String) throws(Diagnostic) -> String? {
    guard let member = value[key] else { return nil }
    guard let text = member.string else { throw wrong("\"\(key)\" is a text", at: member) }
    return try checked(text, at: member)
  }

  private func members(
    _ value: JSONValue, _ key: String
  ) throws(Diagnostic) -> [JSONValue.Member] {
    guard let member = value[key] else { return [] }
    guard let members = member.members else { throw wrong("\"\(key)\" is an object", at: member) }
    return members
  }

  private func texts(_ value: JSONValue, of id: String) throws(Diagnostic) -> [String] {
    guard let elements = value.elements else {
      throw wrong("values of \"\(id)\" are lists of texts", at: value)
    }
    var texts: [String] = []
    for element in elements {
      guard let text = element.string else {
        throw wrong("values of \"\(id)\" are lists of texts", at: element)
      }
      texts.append(try checked(text, at: element))
    }
    return texts
  }

  private func checked(_ text: String, at value: JSONValue) throws(Diagnostic) -> String {
    guard let problem = CatalogueLimits.problem(of: text) else { return text }
    throw wrong(problem, at: value)
  }

  private func choice<Choice: RawRepresentable & CaseIterable>(
    _ text: String, at value: JSONValue
  ) throws(Diagnostic) -> Choice where Choice.RawValue == String {
    if let choice = Choice(rawValue: text) { return choice }
    var diagnostic = wrong("\"\(text)\" is not known here", at: value)
    diagnostic.hint = "known: " + Choice.allCases.map(\.rawValue).sorted().joined(separator: ", ")
    throw diagnostic
  }

  private func wrong(_ message: String, at value: JSONValue) -> Diagnostic {
    Diagnostic(
      "knowledge.catalogue.malformed", message,
      at: value.location ?? SourceLocation(document: document))
  }
}
