import EngineSupport

/// Reads language-specification JSON into declarations, as if they had been parsed from MAL source.
///
/// What is missing from the older form (detectors, causal modes, model effects) is taken as absent. An
/// asset or association that cannot be read is reported and left out, so that one mistake gives one error.
struct SpecificationReader {
  /// Bytes of one document.
  static let sizeLimit = 16 << 20
  /// Objects inside one another: expressions nest deeper than other documents do.
  private static let depthLimit = 512
  private static let errorLimit = 40

  let document: InputDocument
  /// Texts of today's form keep the backslashes of the source; those of the older form do not.
  let hasRawTexts: Bool
  private var problems: [Diagnostic] = []

  static func read(
    _ document: InputDocument, reportingTo diagnostics: inout Diagnostics
  ) -> (declarations: [MALFile.Declaration], json: JSONValue)? {
    do throws(Diagnostic) {
      guard document.bytes.count <= sizeLimit else {
        throw Diagnostic(
          "mal.specification.too-large",
          "a language specification may have up to \(sizeLimit >> 20) MiB",
          at: SourceLocation(document: document.name))
      }
      let json = try JSONParser.parse(document, depthLimit: depthLimit)
      var reader = SpecificationReader(document, json)
      let declarations = try reader.declarations(in: json)
      diagnostics.report(contentsOf: Array(reader.problems.prefix(errorLimit)))
      if reader.problems.count > errorLimit {
        diagnostics.report(
          Diagnostic(
            .note, "mal.specification.more",
            "\(reader.problems.count - errorLimit) more errors are not shown",
            at: SourceLocation(document: document.name)))
      }
      return (declarations, json)
    } catch {
      diagnostics.report(error)
      return nil
    }
  }

  private init(_ document: InputDocument, _ json: JSONValue) {
    self.document = document
    hasRawTexts = (json["assets"]?.elements ?? []).contains { asset in
      (asset["attackSteps"]?.elements ?? []).contains { step in
        step["causal_mode"] != nil || step["append_reaches"] != nil
          || step["remove_reaches"] != nil
      }
    }
  }

  private mutating func declarations(in json: JSONValue) throws(Diagnostic) -> [MALFile.Declaration]
  {
    guard json.members != nil else { throw failure("a language specification is an object", json) }
    var declarations: [MALFile.Declaration] = []
    let defines = try member("defines", of: json)
    guard let members = defines.members else { throw failure("`defines` is an object", defines) }
    for define in members {
      guard let raw = define.value.string else {
        report(failure("a definition is a text", define.value))
        continue
      }
      let key = NameSyntax(text: define.key, location: place(define.value))
      declarations.append(.define(DefineSyntax(key: key, value: meaning(of: raw), rawValue: raw)))
    }
    for category in try elements("categories", of: json) {
      attempt { (reader) throws(Diagnostic) in
        let name = try reader.name("name", of: category)
        let meta = try reader.meta(of: category)
        declarations.append(.category(CategorySyntax(name: name, meta: meta, assets: [])))
      }
    }
    for asset in try elements("assets", of: json) {
      attempt { (reader) throws(Diagnostic) in
        let category = try reader.name("category", of: asset)
        let syntax = try reader.asset(asset)
        declarations.append(.category(CategorySyntax(name: category, meta: [], assets: [syntax])))
      }
    }
    for association in try elements("associations", of: json) {
      attempt { (reader) throws(Diagnostic) in
        declarations.append(.association(try reader.association(association)))
      }
    }
    return declarations
  }

  private mutating func attempt(
    _ read: (inout SpecificationReader) throws(Diagnostic) -> Void
  ) {
    do throws(Diagnostic) { try read(&self) } catch { report(error) }
  }

  mutating func report(_ problem: Diagnostic) { problems.append(problem) }

  // MARK: - Values

  func place(_ value: JSONValue) -> SourceLocation {
    value.location ?? SourceLocation(document: document.name)
  }

  func failure(_ message: String, _ value: JSONValue) -> Diagnostic {
    Diagnostic("mal.specification.malformed", message, at: place(value))
  }

  func member(_ key: String, of value: JSONValue) throws(Diagnostic) -> JSONValue {
    guard let member = value[key] else {
      throw failure(
        value.members == nil ? "expected an object with `\(key)`" : "there is no `\(key)`", value)
    }
    return member
  }

  /// The member, unless it is absent or null.
  func optional(_ key: String, of value: JSONValue) -> JSONValue? {
    guard let member = value[key], member.kind != .null else { return nil }
    return member
  }

  func elements(_ key: String, of value: JSONValue) throws(Diagnostic) -> [JSONValue] {
    let list = try member(key, of: value)
    guard let elements = list.elements else { throw failure("`\(key)` is a list", list) }
    return elements
  }

  func name(_ key: String, of value: JSONValue) throws(Diagnostic) -> NameSyntax {
    try name(try member(key, of: value))
  }

  func name(_ value: JSONValue) throws(Diagnostic) -> NameSyntax {
    guard let text = value.string, !text.isEmpty else { throw failure("expected a name", value) }
    return NameSyntax(text: text, location: place(value))
  }

  func flag(_ key: String, of value: JSONValue) throws(Diagnostic) -> Bool {
    let flag = try member(key, of: value)
    guard let bool = flag.bool else { throw failure("`\(key)` is true or false", flag) }
    return bool
  }

  func number(_ value: JSONValue) throws(Diagnostic) -> Double {
    guard let number = value.double, number.isFinite else {
      throw failure("expected a number", value)
    }
    return number
  }

  private func meaning(of raw: String) -> String {
    hasRawTexts ? MALText.unescaped(ArraySlice(raw.utf8)) : raw
  }

  func meta(of value: JSONValue) throws(Diagnostic) -> [MetaSyntax] {
    guard let meta = optional("meta", of: value) else { return [] }
    guard let members = meta.members else { throw failure("`meta` is an object", meta) }
    var texts: [MetaSyntax] = []
    for member in members {
      guard let raw = member.value.string else {
        throw failure("a meta text is a text", member.value)
      }
      texts.append(
        MetaSyntax(
          key: NameSyntax(text: member.key, location: place(member.value)),
          text: meaning(of: raw), rawText: raw))
    }
    return texts
  }
}
