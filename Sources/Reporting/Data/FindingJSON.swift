import AssessmentPipeline
import AttackGraphs
import EngineSupport
import ThreatLanguage

/// A finding as data, with the paths and the evidence it rests on.
struct FindingJSON {
  let result: AssessmentResult

  init(_ result: AssessmentResult) { self.result = result }

  func value(_ finding: Finding) -> JSONValue {
    .object([
      ("id", .string(finding.id)), ("kind", .string(finding.kind.rawValue)),
      ("severity", .string(finding.severity.rawValue)),
      ("verdict", .string(finding.verdict.rawValue)), ("title", .string(finding.title)),
      ("statement", .string(finding.statement)), ("advice", .string(finding.advice)),
      ("fingerprint", .string(finding.fingerprint.hexadecimal)),
      ("attack", finding.attack.map(attack)),
      ("evidence", .array(finding.evidence.map(evidence))),
    ])
  }

  private func attack(_ analysis: AttackAnalysis) -> JSONValue {
    .object([
      ("consequence", .string(analysis.consequence.id)),
      ("goal", .string(result.graph.name(of: analysis.goal))),
      ("fronts", Self.fronts(analysis.fronts)), ("complete", .bool(analysis.isComplete)),
      ("probabilityBound", JSONTerms.decimal(analysis.probabilityBound)),
      ("expansions", .integer(analysis.expansions)),
      ("paths", .array(analysis.paths.map(path))),
    ])
  }

  private func path(_ path: AttackAnalysis.Path) -> JSONValue {
    let carried = PathFronts(of: path, entryPoints: result.product.entryPoints).carried
    return .object([
      ("probability", JSONTerms.decimal(path.probability)),
      ("priorProbability", JSONTerms.decimal(path.priorProbability)),
      ("costs", Self.costs(path.costs)),
      ("expectedEffortDays", path.expectedEffort.map(JSONTerms.decimal)),
      ("attackPotentialPoints", path.attackPotential?.combined.map { .integer($0.points) }),
      ("entryPoints", .strings(path.entryPoints)),
      ("steps", .array(zip(path.steps, carried).map(step))),
    ])
  }

  private static func costs(_ costs: DerivationCosts) -> JSONValue {
    .object([
      ("unit", .string(StepCost.negativeLogProbability.unit)),
      ("listedBy", .string(costs.listedBy.rawValue)),
      ("setCost", JSONTerms.decimal(costs.setCost)),
      ("treeCost", JSONTerms.decimal(costs.treeCost)),
      ("provenMinimum", costs.provenMinimum.map(JSONTerms.decimal)),
    ])
  }

  private func step(_ step: AttackAnalysis.Step, reached: Fronts) -> JSONValue {
    .object([
      ("name", .string(step.name)), ("asset", .string(step.asset)),
      ("kind", .string(step.type.kind.rawValue)), ("sentence", .string(step.sentence)),
      ("prior", JSONTerms.decimal(step.prior)), ("measured", step.measured.map(Self.measured)),
      ("entryPoint", step.entryPoint.map { .string($0) }),
      ("fronts", Self.fronts(reached)), ("restsOn", .array(step.restsOn.map { .integer($0) })),
      ("declaration", JSONTerms.location(step.type.location)),
      ("rules", .array(step.rules.map(JSONTerms.location))),
      (
        "references",
        .array(
          StepReferences.of(step.type).map {
            .object([("key", .string($0.key)), ("text", .string($0.text))])
          })
      ),
      ("cells", .array(step.drawn.map(JSONTerms.cell))),
    ])
  }

  private static func measured(_ measurement: Measurement) -> JSONValue {
    .object([
      ("rate", JSONTerms.decimal(measurement.rate)),
      ("lower", JSONTerms.decimal(measurement.lower)),
      ("upper", JSONTerms.decimal(measurement.upper)), ("testRun", .string(measurement.testRun)),
    ])
  }

  private static func fronts(_ fronts: Fronts) -> JSONValue {
    .strings(
      [("network", Fronts.network), ("sensor", .sensor)].filter { fronts.contains($0.1) }.map(\.0))
  }

  private func evidence(_ item: Finding.Evidence) -> JSONValue {
    .object([
      ("role", .string(item.role.rawValue)), ("name", .string(item.name)),
      ("location", item.location.map(JSONTerms.location)),
      ("digest", .string(item.digest.hexadecimal)), ("record", .string(item.record.hexadecimal)),
    ])
  }
}
