import ArchitectureModel
import AttackGraphs
import EngineSupport
import Provenance

/// Turns analyses, tests and statements into findings, each with the evidence it rests on and a ledger record.
struct FindingWriter {
  let product: ProductFile
  let architecture: ArchitectureGraph
  let defenses: [DefenseStatement]
  var evidence: EvidenceRecorder

  /// Most severe first, then by id.
  mutating func findings(
    analyses: [AttackAnalysis], models: [ModelAssessment], levels: SecurityLevels?
  ) throws -> [Finding] {
    var findings: [Finding] = []
    for analysis in analyses where !analysis.paths.isEmpty {
      findings.append(try attackFinding(analysis, models))
    }
    for model in models {
      for test in model.tests { findings.append(try testFinding(test, of: model)) }
      findings += try propertyFindings(model)
      findings += try lineageFindings(model)
    }
    findings += try untestedFindings(models)
    findings += try levelFindings(levels)
    findings += try drawingFindings()
    return findings.sorted { left, right in
      (right.severity, left.id) < (left.severity, right.id)
    }
  }

  /// Completes a finding: its fingerprint, and its record in the ledger.
  mutating func finish(
    id: String, kind: Finding.Kind, severity: Finding.Severity, verdict: Finding.Verdict,
    title: String, statement: String, advice: String, attack: AttackAnalysis? = nil,
    evidence items: [Finding.Evidence]
  ) throws -> Finding {
    var seen: Set<ContentDigest> = []
    let cited = items.filter { seen.insert($0.record).inserted }
    let statementDigest = ContentDigest(
      of: CanonicalJSON.bytes(
        of: .object([
          ("id", .string(id)), ("kind", .string(kind.rawValue)),
          ("severity", .string(severity.rawValue)), ("verdict", .string(verdict.rawValue)),
          ("title", .string(title)), ("statement", .string(statement)),
          ("advice", .string(advice)), ("paths", attack.map(Self.summary)),
        ])))
    let fingerprint = ContentDigest(
      of: CanonicalJSON.bytes(
        of: .object([
          ("statement", .string(statementDigest.hexadecimal)),
          (
            "evidence",
            .array(
              cited.map { item in
                .strings([item.role.rawValue, item.name, item.digest.hexadecimal])
              })
          ),
        ])))
    let finding = Finding(
      id: id, kind: kind, severity: severity, verdict: verdict, title: title,
      statement: statement, advice: advice, attack: attack, evidence: cited,
      fingerprint: fingerprint)
    evidence.record(finding, statement: statementDigest)
    return finding
  }

  /// What of the paths enters the fingerprint: steps, what they rest on, and probabilities as exact text.
  private static func summary(of analysis: AttackAnalysis) -> JSONValue {
    .object([
      ("complete", .bool(analysis.isComplete)),
      ("bound", .string(DecimalText.exact(analysis.probabilityBound))),
      (
        "paths",
        .array(
          analysis.paths.map { path in
            .object([
              ("probability", .string(DecimalText.exact(path.probability))),
              ("prior", .string(DecimalText.exact(path.priorProbability))),
              (
                "steps",
                .array(
                  path.steps.map { step in
                    .object([
                      ("name", .string(step.name)),
                      ("restsOn", .array(step.restsOn.map(JSONValue.integer))),
                      ("entry", step.entryPoint.map(JSONValue.string)),
                    ])
                  })
              ),
            ])
          })
      ),
    ])
  }
}
