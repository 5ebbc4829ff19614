public import EngineSupport
import ThreatKnowledge
import YAMLDocuments

extension ProductFile {
  /// Largest product file that is read, in bytes.
  static let sizeLimit = 1 << 20

  /// Reads and checks a product file; every key is known or reported with its line.
  ///
  /// Throws the first thing that makes the rest unreadable; other errors go to `diagnostics`, and the value
  /// must not be used when there are any.
  public init(
    reading document: InputDocument, reportingTo diagnostics: inout Diagnostics
  ) throws(Diagnostic) {
    guard document.bytes.count <= Self.sizeLimit else {
      throw Diagnostic(
        "product.too-large", "a product file has at most \(Self.sizeLimit) bytes",
        at: SourceLocation(document: document.name))
    }
    var root = try YAMLSection(document: document, family: "product")
    _ = try root.required("format").integer(in: 1...1)
    self.document = document.name
    product = try Product(root.required("product"), &diagnostics)
    diagrams = try Self.list(root.required("diagrams")) { value throws(Diagnostic) in
      try FileReference(value)
    }
    components = try Self.optionalList(root.optional("components")) { value throws(Diagnostic) in
      try Component(value, &diagnostics)
    }
    flows = try Self.optionalList(root.optional("flows")) { value throws(Diagnostic) in
      try Flow(value, &diagnostics)
    }
    zones = try Self.optionalList(root.optional("zones")) { value throws(Diagnostic) in
      try Zone(value, &diagnostics)
    }
    models = try Self.optionalList(root.optional("models")) { value throws(Diagnostic) in
      try Model(value, &diagnostics)
    }
    consequences = try Self.list(root.required("consequences")) { value throws(Diagnostic) in
      try Consequence(value, &diagnostics)
    }
    entryPoints = try Self.list(root.required("entry_points")) { value throws(Diagnostic) in
      try EntryPoint(value, &diagnostics)
    }
    horizonDays = 30
    if let value = root.optional("horizon_days") {
      horizonDays = try value.number()
      guard horizonDays > 0, horizonDays <= 36_500 else {
        throw value.wrong("the horizon is more than 0 and at most 36,500 attacker days")
      }
    }
    defenseCosts = try Self.optionalList(root.optional("defence_costs")) {
      value throws(Diagnostic) in
      try DefenseCost(value, &diagnostics)
    }
    whatIfs = try Self.optionalList(root.optional("what_if")) { value throws(Diagnostic) in
      try WhatIf(value, &diagnostics)
    }
    root.finish(reportingTo: &diagnostics)
    checkIdentifiers(reportingTo: &diagnostics)
  }

  private func checkIdentifiers(reportingTo diagnostics: inout Diagnostics) {
    func check(_ entries: [(id: String, location: SourceLocation)], _ what: String) {
      var seen: Set<String> = []
      for entry in entries where !seen.insert(entry.id).inserted {
        diagnostics.report(
          Diagnostic(
            "product.id.duplicate", "two \(what) are called \"\(entry.id)\"", at: entry.location))
      }
    }
    check(models.map { ($0.id, $0.location) }, "models")
    check(consequences.map { ($0.id, $0.location) }, "consequences")
    check(entryPoints.map { ($0.id, $0.location) }, "entry points")
    check(whatIfs.map { ($0.id, $0.location) }, "what-ifs")
    check(defenseCosts.map { ($0.defense.name, $0.defense.location) }, "defence costs")
  }

  static func list<Element>(
    _ value: YAMLValue, _ read: (YAMLValue) throws(Diagnostic) -> Element
  ) throws(Diagnostic) -> [Element] {
    var result: [Element] = []
    for element in try value.elements() { result.append(try read(element)) }
    guard !result.isEmpty else { throw value.wrong("the list is empty") }
    return result
  }

  static func optionalList<Element>(
    _ value: YAMLValue?, _ read: (YAMLValue) throws(Diagnostic) -> Element
  ) throws(Diagnostic) -> [Element] {
    guard let value else { return [] }
    return try list(value, read)
  }

  /// An identifier that is safe in file names and addresses.
  static func identifier(_ value: YAMLValue) throws(Diagnostic) -> String {
    let text = try value.text()
    let allowed = text.utf8.allSatisfy { byte in
      (0x30...0x39).contains(byte) || (0x61...0x7A).contains(byte) || byte == UInt8(ascii: "-")
    }
    guard allowed, text.utf8.count <= 64, !text.hasPrefix("-") else {
      throw value.wrong("an id consists of a-z, 0-9 and '-', with at most 64 characters")
    }
    return text
  }
}

extension ProductFile.FileReference {
  init(_ value: YAMLValue) throws(Diagnostic) {
    let path = try value.text()
    guard !path.hasPrefix("/"), !path.contains("\\") else {
      throw value.wrong("a path is relative to this file and uses '/'")
    }
    self.init(path: path, location: value.location)
  }
}

extension ProductFile.Product {
  fileprivate init(_ value: YAMLValue, _ diagnostics: inout Diagnostics) throws(Diagnostic) {
    var section = try value.section()
    name = try section.required("name").text()
    version = try section.required("version").text()
    owner = try section.optional("owner")?.text()
    description = try section.optional("description")?.text()
    section.finish(reportingTo: &diagnostics)
  }
}

extension ProductFile.Model {
  fileprivate init(_ value: YAMLValue, _ diagnostics: inout Diagnostics) throws(Diagnostic) {
    var section = try value.section()
    id = try ProductFile.identifier(section.required("id"))
    file = try ProductFile.FileReference(section.required("file"))
    descriptor = try Self.reference(section.optional("descriptor"))
    component = try section.required("component").text()
    testPlan = try Self.reference(section.optional("test_plan"))
    sensors = try ProductFile.optionalList(section.optional("sensors")) {
      value throws(Diagnostic) in
      try ProductFile.ChannelSource(value, &diagnostics)
    }
    location = value.location
    section.finish(reportingTo: &diagnostics)
  }

  private static func reference(
    _ value: YAMLValue?
  ) throws(Diagnostic) -> ProductFile.FileReference? {
    guard let value else { return nil }
    return try ProductFile.FileReference(value)
  }
}

extension ProductFile.ChannelSource {
  fileprivate init(_ value: YAMLValue, _ diagnostics: inout Diagnostics) throws(Diagnostic) {
    var section = try value.section()
    channel = try section.required("channel").text()
    sensor = try section.required("sensor").text()
    location = value.location
    section.finish(reportingTo: &diagnostics)
  }
}

extension ProductFile.Consequence {
  fileprivate init(_ value: YAMLValue, _ diagnostics: inout Diagnostics) throws(Diagnostic) {
    var section = try value.section()
    id = try ProductFile.identifier(section.required("id"))
    kind = try section.required("kind").choice(of: ConsequenceKind.self)
    component = try section.required("component").text()
    severity = try section.required("severity").choice(of: Finding.Severity.self)
    description = try section.required("description").text()
    location = value.location
    section.finish(reportingTo: &diagnostics)
  }
}

extension ProductFile.EntryPoint {
  fileprivate init(_ value: YAMLValue, _ diagnostics: inout Diagnostics) throws(Diagnostic) {
    var section = try value.section()
    id = try ProductFile.identifier(section.required("id"))
    component = try section.required("component").text()
    front = try section.required("front").choice(of: ProductFile.Front.self)
    step = try section.required("step").text()
    reason = try section.required("reason").text()
    location = value.location
    section.finish(reportingTo: &diagnostics)
  }
}
