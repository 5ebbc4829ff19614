public import AssessmentPipeline
import AttackGraphs
import EngineSupport
import Provenance
import ThreatKnowledge
import ThreatLanguage

/// Writes everything a report says as data: `threat-model.json`, described by
/// `schemas/threat-model-1.schema.json`. Fractional numbers are decimal strings.
public struct JSONReporter: Reporter {
  public static let format = "json"

  public init() {}

  public func render(_ result: AssessmentResult) -> [ReportFile] {
    [
      ReportFile(
        name: "threat-model.json", bytes: CanonicalJSON.indented(Self.document(of: result)))
    ]
  }

  static func document(of result: AssessmentResult) -> JSONValue {
    .object([
      ("schema", .string(Wording.schema)),
      ("engine", .object([("name", "bartizan"), ("version", .string(EngineVersion.text))])),
      ("seed", .string(String(result.seed))),
      ("standard", StandardJSON.value),
      ("product", product(result.product)),
      ("sources", .array(result.sources.map(source))),
      ("knowledge", KnowledgeJSON.value(result)),
      ("architecture", ArchitectureJSON(result).value),
      ("graph", graph(result)),
      ("reachability", .array(result.reachability.map(reachability))),
      ("decisions", result.decisions.json),
      ("securityLevels", result.securityLevels?.json),
      ("findings", .array(result.findings.map { FindingJSON(result).value($0) })),
      ("models", .array(result.models.map { ModelJSON.value($0) })),
      ("claims", .array(result.defenses.map(claim))),
      ("leftOut", LeftOutJSON.value(result)),
      ("diagnostics", .array(result.diagnostics.map(JSONTerms.diagnostic))),
      (
        "evidence",
        .object([
          ("root", .string(result.root.hexadecimal)),
          ("entries", .integer(result.ledger.entries.count)), ("file", "evidence.jsonl"),
          ("hashing", "RFC 9162 Merkle tree hash, SHA-256"),
        ])
      ),
    ])
  }

  private static func product(_ file: ProductFile) -> JSONValue {
    .object([
      ("name", .string(file.product.name)), ("version", .string(file.product.version)),
      ("owner", file.product.owner.map { .string($0) }),
      ("description", file.product.description.map { .string($0) }),
      ("file", .string(file.document)),
      ("horizonDays", JSONTerms.decimal(file.horizonDays)),
      (
        "consequences",
        .array(
          file.consequences.map {
            .object([
              ("id", .string($0.id)), ("kind", .string($0.kind.rawValue)),
              ("component", .string($0.component)), ("severity", .string($0.severity.rawValue)),
              ("description", .string($0.description)),
              ("location", JSONTerms.location($0.location)),
            ])
          })
      ),
      (
        "entryPoints",
        .array(
          file.entryPoints.map {
            .object([
              ("id", .string($0.id)), ("component", .string($0.component)),
              ("front", .string($0.front.rawValue)), ("step", .string($0.step)),
              ("reason", .string($0.reason)), ("location", JSONTerms.location($0.location)),
            ])
          })
      ),
    ])
  }

  private static func source(_ file: SourceFile) -> JSONValue {
    .object([
      ("role", .string(file.role.rawValue)), ("name", .string(file.name)),
      ("size", .integer(file.size)), ("sha256", .string(file.digest.hexadecimal)),
    ])
  }

  private static func graph(_ result: AssessmentResult) -> JSONValue {
    let graph = result.graph
    return .object([
      ("language", .string(graph.language.name)),
      ("languageVersion", .string(graph.language.version)),
      ("assets", .integer(graph.instance.assets.count)),
      ("links", .integer(graph.instance.links.count)),
      ("steps", .integer(graph.steps.count)),
      ("viableSteps", .integer(graph.steps.count { $0.isViable })),
      ("measuredSteps", .integer(graph.steps.count { $0.measured != nil })),
      ("edges", .integer(graph.parents.count)),
    ])
  }

  private static func reachability(_ goal: GoalReachability) -> JSONValue {
    .object([
      ("consequence", .string(goal.consequence.id)),
      ("byNetworkAlone", .bool(goal.byNetworkAlone)),
      ("bySensorAlone", .bool(goal.bySensorAlone)), ("byBoth", .bool(goal.byBoth)),
      ("sentence", .string(goal.sentence)),
    ])
  }

  private static func claim(_ statement: DefenseStatement) -> JSONValue {
    .object([
      ("asset", .string(statement.assetName)), ("defence", .string(statement.claim.name)),
      ("inPlace", JSONTerms.decimal(statement.claim.inPlace)),
      ("state", .string(statement.state.rawValue)),
      ("evidence", statement.evidence.map { .string($0.name) }),
      ("reason", .string(statement.claim.reason)),
      ("location", JSONTerms.location(statement.claim.location)),
    ])
  }
}
