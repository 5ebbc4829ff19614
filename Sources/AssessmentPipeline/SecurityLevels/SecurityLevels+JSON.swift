public import EngineSupport

/// Security levels as data: what reports carry and what the evidence takes its digest of.
extension SecurityLevels {
  public var json: JSONValue {
    .object([
      ("catalogue", .string(catalogue)),
      ("threshold", .string(DecimalText.exact(SecurityLevelJudge.threshold))),
      ("zones", .array(zones.map(Self.value))),
      ("components", .array(components.map(Self.value))),
    ])
  }

  private static func value(_ zone: ZoneLevel) -> JSONValue {
    .object([
      ("zone", .string(zone.zone)), ("target", value(zone.target)),
      ("achieved", value(zone.achieved)),
      ("achievedWithEvidence", value(zone.achievedWithEvidence)),
      ("components", .strings(zone.components)),
    ])
  }

  private static func value(_ component: ComponentLevel) -> JSONValue {
    .object([
      ("component", .string(component.component)), ("type", .string(component.type.rawValue)),
      ("target", value(component.target)),
      ("achieved", value(component.achieved(withEvidenceOnly: false))),
      ("achievedWithEvidence", value(component.achieved(withEvidenceOnly: true))),
      ("requirements", .array(component.requirements.map(value))),
    ])
  }

  private static func value(_ vector: SecurityLevelVector) -> JSONValue {
    .object(
      SecurityLevelVector.Requirement.allCases.map {
        ($0.abbreviation, .integer(vector[$0]))
      })
  }

  private static func value(_ status: RequirementStatus) -> JSONValue {
    .object([
      ("id", .string(status.id)), ("name", .string(status.name)),
      ("level", .integer(status.level)), ("state", .string(status.state.rawValue)),
      ("defences", .strings(status.defenses)), ("missing", .strings(status.missing)),
      ("testRuns", .strings(status.testRuns)),
    ])
  }
}
