/// A requirement that the trade press reports as part of an "AI-driven threat modeling" clause.
///
/// No such edition of IEC 62443-4-2 could be confirmed. These are data with a label, never a rule that
/// anything is judged by; a report shows where it speaks to the same subject and claims nothing more.
public struct ReportedRequirement: Sendable, Hashable {
  /// Identifier coined by this project.
  public let id: String
  /// The clause number as the press gives it; `nil` where it gives none.
  public let clause: String?
  /// What is reported, in this project's words.
  public let statement: String
  /// Section of the report that speaks to it.
  public let spokenToIn: String

  /// Printed beside every one of them.
  public static let label = "as reported, not verified"

  public static let all: [ReportedRequirement] = [
    ReportedRequirement(
      id: "AITM-7.3-DP", clause: "7.3",
      statement: "Data provenance: origin and lineage of the model's data are shown.",
      spokenToIn: "Lineage"),
    ReportedRequirement(
      id: "AITM-7.4-MI", clause: "7.4",
      statement: "Model interpretability: decisions of the model can be explained.",
      spokenToIn: "not assessed by this version"),
    ReportedRequirement(
      id: "AITM-7.5-AR", clause: "7.5",
      statement: "Adversarial robustness: it is tested by a stated protocol.",
      spokenToIn: "Model tests"),
    ReportedRequirement(
      id: "AITM-TEAM-1", clause: nil,
      statement: "Architecture diagrams are supplied as evidence.",
      spokenToIn: "Architecture and both fronts"),
    ReportedRequirement(
      id: "AITM-TEAM-2", clause: nil, statement: "Attack surfaces are defined.",
      spokenToIn: "Attack paths"),
    ReportedRequirement(
      id: "AITM-TEAM-3", clause: nil,
      statement: "Model lineage and test sets are documented.", spokenToIn: "Lineage"),
  ]
}
