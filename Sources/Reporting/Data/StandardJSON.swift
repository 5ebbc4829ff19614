import EngineSupport
import ThreatKnowledge

/// What the press reports about a standard as data, each row with its label.
enum StandardJSON {
  static var value: JSONValue {
    .object([
      ("note", .strings(Wording.standard)),
      ("reported", .array(ReportedRequirement.all.map(requirement))),
    ])
  }

  private static func requirement(_ requirement: ReportedRequirement) -> JSONValue {
    .object([
      ("id", .string(requirement.id)), ("clause", requirement.clause.map { .string($0) }),
      ("statement", .string(requirement.statement)),
      ("spokenToIn", .string(requirement.spokenToIn)),
      ("status", .string(ReportedRequirement.label)),
    ])
  }
}
