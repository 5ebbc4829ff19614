import AssessmentPipeline
import AttackGraphs
import EngineSupport
import ThreatLanguage

/// Defences that the product file claims: the report shows them, and proves none of them.
struct ClaimSection: PageSection {
  static let anchor = "claims"
  static let title = "Claims"

  let result: AssessmentResult

  init(result: AssessmentResult, layout: any GraphLayout) { self.result = result }

  func content() -> [Markup] {
    let unknown = result.graph.steps.indices.count { step in
      result.graph.kind(of: step) == .defense
    }
    return [
      Fragment.note(
        "How sure the owner is that a defence is in place. \"claimed\" means that nothing shows it; \"supported\" that "
          + "a file was given, whose bytes are in the evidence and whose content nobody checked here. The attack "
          + "graph uses these probabilities. The other "
          + "\(unknown - result.defenses.count) defences of the graph are unknown and carry the threat "
          + "language's own prior."),
      Table(
        "Defences that the product file speaks of",
        [
          .init("Of"), .init("Defence"), .init("In place with", isNumber: true), .init("State"),
          .init("Reason given"), .init("Said at"),
        ],
        rows: result.defenses.map { statement in
          [
            .text(statement.assetName), Fragment.code(statement.claim.name),
            .text(DecimalText.quantity(statement.claim.inPlace)), Self.state(statement),
            .text(statement.claim.reason), Fragment.line(statement.claim.location),
          ]
        }, whenEmpty: "none; every defence carries the language's own prior."
      ).render(),
    ]
  }

  private static func state(_ statement: DefenseStatement) -> Markup {
    guard let file = statement.evidence else { return .text(statement.state.rawValue) }
    return .group([
      .text(statement.state.rawValue), Fragment.small("by \(file.name)"),
      Fragment.small("SHA-256 \(file.digest.hexadecimal.prefix(12))…"),
    ])
  }
}
