public import ArchitectureModel
public import EngineSupport
import YAMLDocuments

/// What the product file says about drawn things: what they are, and which defences are in place.
extension ProductFile {
  /// One drawn box.
  public struct Component: Sendable {
    public var declaration: ComponentDeclaration
    public var defenses: [DefenseClaim]
    /// The security level that is asked of it; where absent, that of its zone.
    public var targetLevel: SecurityLevelVector?
  }

  /// One drawn line.
  public struct Flow: Sendable {
    public var declaration: FlowDeclaration
    public var defenses: [DefenseClaim]
  }

  /// One drawn zone, or a way between zones.
  public struct Zone: Sendable {
    /// A label or a cell id, as written.
    public var drawn: String
    public var defenses: [DefenseClaim]
    /// The security level that is asked of all that is drawn inside (SL-T).
    public var targetLevel: SecurityLevelVector?
    public var location: SourceLocation
  }

  /// How sure the owner is that a defence is in place: a claim, and supported only where a file backs it.
  public struct DefenseClaim: Sendable {
    public var name: String
    /// 0…1.
    public var inPlace: Double
    public var reason: String
    /// A test report, certificate or configuration that shows it; its bytes go into the evidence.
    public var evidence: FileReference?
    public var location: SourceLocation
  }

  /// What kind of drawn thing a claim is about.
  public enum ClaimSubject: String, Sendable, Hashable {
    case component, flow, zone
  }

  /// Every claim, in the order of the file: components, flows, zones.
  public var claims: [(subject: ClaimSubject, drawn: String, claim: DefenseClaim)] {
    components.flatMap { entry in
      entry.defenses.map { (.component, entry.declaration.drawn, $0) }
    }
      + flows.flatMap { entry in entry.defenses.map { (.flow, entry.declaration.drawn, $0) } }
      + zones.flatMap { entry in entry.defenses.map { (.zone, entry.drawn, $0) } }
  }
}

extension ProductFile.Component {
  init(_ value: YAMLValue, _ diagnostics: inout Diagnostics) throws(Diagnostic) {
    var section = try value.section()
    declaration = ComponentDeclaration(
      drawn: try section.required("drawn").text(),
      kind: try section.required("kind").choice(of: ComponentKind.self),
      location: value.location)
    defenses = try ProductFile.DefenseClaim.list(section.optional("defences"), &diagnostics)
    targetLevel = try SecurityLevelVector(section.optional("target_level"), &diagnostics)
    section.finish(reportingTo: &diagnostics)
  }
}

extension ProductFile.Flow {
  init(_ value: YAMLValue, _ diagnostics: inout Diagnostics) throws(Diagnostic) {
    var section = try value.section()
    declaration = FlowDeclaration(
      drawn: try section.required("drawn").text(),
      protocolName: try section.optional("protocol")?.text(),
      isReference: try section.optional("reference")?.flag() ?? false, location: value.location)
    defenses = try ProductFile.DefenseClaim.list(section.optional("defences"), &diagnostics)
    section.finish(reportingTo: &diagnostics)
  }
}

extension ProductFile.Zone {
  init(_ value: YAMLValue, _ diagnostics: inout Diagnostics) throws(Diagnostic) {
    var section = try value.section()
    drawn = try section.required("drawn").text()
    defenses = try ProductFile.DefenseClaim.list(section.optional("defences"), &diagnostics)
    targetLevel = try SecurityLevelVector(section.optional("target_level"), &diagnostics)
    location = value.location
    section.finish(reportingTo: &diagnostics)
  }
}

extension ProductFile.DefenseClaim {
  fileprivate static func list(
    _ value: YAMLValue?, _ diagnostics: inout Diagnostics
  ) throws(Diagnostic) -> [ProductFile.DefenseClaim] {
    try ProductFile.optionalList(value) { value throws(Diagnostic) in
      try ProductFile.DefenseClaim(value, &diagnostics)
    }
  }

  private init(_ value: YAMLValue, _ diagnostics: inout Diagnostics) throws(Diagnostic) {
    var section = try value.section()
    name = try section.required("name").text()
    let share = try section.required("in_place")
    inPlace = try share.number()
    guard (0...1).contains(inPlace) else { throw share.wrong("a probability lies from 0 to 1") }
    reason = try section.required("reason").text()
    evidence = nil
    if let file = section.optional("evidence") {
      evidence = try ProductFile.FileReference(file)
    }
    location = value.location
    section.finish(reportingTo: &diagnostics)
  }
}
