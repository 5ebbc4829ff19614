import AdversarialTesting
import ArchitectureModel
import EngineSupport
import TensorCore
import ThreatKnowledge

/// Findings about models, their papers and the drawing.
extension FindingWriter {
  mutating func testFinding(_ test: ModelTest, of model: ModelAssessment) throws -> Finding {
    let verdict: Finding.Verdict
    let severity: Finding.Severity
    let statement: String
    let chosen = test.chosen
    let change = "\(DecimalText.quantity(test.chosenBudget)) \(test.unit)"
    switch test.result.verdict {
    case .inconclusive:
      verdict = .inconclusive
      severity = .medium
      let failed = test.result.checks.filter { $0.outcome == .fail }
      statement =
        "The campaign proves nothing about the model: "
        + (failed.isEmpty
          ? "no sample could be attacked."
          : failed.map { "\($0.identifier.rawValue) failed (\($0.detail))" }
            .joined(separator: "; ") + ".")
    case .broken, .withstood:
      let rate = chosen?.rate ?? 0
      verdict = rate > 0 ? .provenByTest : .refutedByTest
      severity = Self.severity(ofRate: rate)
      let interval = chosen.map {
        "\(Self.percent($0.interval.lower)) to \(Self.percent($0.interval.upper))"
      }
      let what =
        test.isOverStreams
        ? "streams that raise an alarm or stay silent as they should turned wrong, each instant bent once for all "
          + "windows"
        : "correct decisions turned wrong"
      statement =
        "Within a change of at most \(change) a cell, \(chosen?.successes ?? 0) of "
        + "\(chosen?.trials ?? 0) \(what): at least \(Self.percent(rate)) "
        + "(95 % interval \(interval ?? "not known")). \(test.reason)"
    }
    var items = [evidence.cite(test), evidence.cite(model.file)]
    if let data = model.evaluation { items.append(evidence.cite(data)) }
    return try finish(
      id: test.id, kind: .modelTest, severity: severity, verdict: verdict,
      title: "\(model.id) against \(test.title)", statement: statement,
      advice: Self.advice(for: test.step), evidence: items)
  }

  /// The share of decisions that a test turned: a convention of this project.
  private static func severity(ofRate rate: Double) -> Finding.Severity {
    if rate >= 0.2 { return .high }
    if rate >= 0.05 { return .medium }
    return rate > 0 ? .low : .info
  }

  private static func advice(for step: DemonstratedStep) -> String {
    switch step {
    case .evadeBySensor:
      "Train against such changes, compare several frames, and let a person confirm doubtful readings."
    case .evadeByNetwork:
      "Protect the path from sensor to model, and check the input's plausibility before the decision."
    case .errUnderNoise:
      "Average several readings or improve light and optics before the model decides."
    }
  }

  static func percent(_ rate: Double) -> String { DecimalText.percent(rate) }

  mutating func lineageFindings(_ model: ModelAssessment) throws -> [Finding] {
    var findings: [Finding] = []
    var used: [String: Int] = [:]
    for statement in model.lineage
    where statement.status == .contradicted || statement.status == .missing {
      let isContradicted = statement.status == .contradicted
      var id = "lineage/\(model.id)/\(Self.slug(statement.subject))/\(Self.slug(statement.field))"
      used[id, default: 0] += 1
      if let count = used[id], count > 1 { id += "-\(count)" }
      let item = evidence.cite(statement)
      findings.append(
        try finish(
          id: id, kind: .lineage, severity: isContradicted ? .high : .low,
          verdict: isContradicted ? .observed : .open,
          title: isContradicted
            ? "The descriptor of \(statement.subject) contradicts the bytes"
            : "Lineage gap: \(statement.subject), \(statement.field)",
          statement: statement.value + (statement.value.hasSuffix(".") ? "" : "."),
          advice: isContradicted
            ? "Find out which of the two is right before anything else is believed about the model."
            : "Complete the descriptor; a gap is no fault of the model, but nobody can check it.",
          evidence: [item]))
    }
    return findings
  }

  /// Learning components of the drawing for which no model was given.
  mutating func untestedFindings(_ models: [ModelAssessment]) throws -> [Finding] {
    var findings: [Finding] = []
    let learning: Set<ComponentKind> = [.learningModel, .detectorModel]
    for component in architecture.components where learning.contains(component.kind) {
      guard !models.contains(where: { $0.asset == component.name }) else { continue }
      findings.append(
        try finish(
          id: "not-tested/\(Self.slug(component.name))", kind: .modelTest, severity: .low,
          verdict: .open, title: "\(component.name) was not tested",
          statement:
            "The product file gives no model for it, so every step against it keeps the prior "
            + "of the threat language.",
          advice: "Add the model with its evaluation data under `models:`.",
          evidence: component.drawn.map { evidence.cite($0, of: component.name) }))
    }
    return findings
  }

  mutating func drawingFindings() throws -> [Finding] {
    var findings: [Finding] = []
    for flow in architecture.openFlows {
      let ends = [flow.source, flow.target].map { $0.map { architecture.components[$0].name } }
      let item = evidence.cite(flow.drawn, of: flow.label.isEmpty ? "unnamed line" : flow.label)
      findings.append(
        try finish(
          id: "drawing/\(flow.drawn.id)", kind: .drawing, severity: .low, verdict: .open,
          title: "The line \"\(flow.label)\" does not join two components",
          statement: "It is drawn from \(ends[0] ?? "nowhere") to \(ends[1] ?? "nowhere"); "
            + "what travels there is not part of the attack graph.",
          advice: "Ask where it leads and draw it.", evidence: [item]))
    }
    for component in architecture.components where component.kind == .unknown {
      let items = component.drawn.map { evidence.cite($0, of: component.name) }
      findings.append(
        try finish(
          id: "drawing/\(component.drawn.first.map { "\($0.id)" } ?? component.name)",
          kind: .drawing, severity: .low, verdict: .open,
          title: "Nothing says what \"\(component.name)\" is",
          statement: "It is treated as something that runs software.",
          advice: "Say its kind in the product file or in the drawing.", evidence: items))
    }
    return findings
  }

  /// Lower-case letters, digits and single hyphens.
  static func slug(_ text: String) -> String {
    var slug = ""
    for scalar in text.lowercased().unicodeScalars {
      if scalar.isASCII, scalar.properties.isAlphabetic || ("0"..."9").contains(scalar) {
        slug.unicodeScalars.append(scalar)
      } else if !slug.isEmpty, !slug.hasSuffix("-") {
        slug += "-"
      }
    }
    return slug.hasSuffix("-") ? String(slug.dropLast()) : slug
  }
}
