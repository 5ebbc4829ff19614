import EngineSupport
import ModelTesting

/// Findings about properties that a plan says must hold: what is refuted, and what stays open.
extension FindingWriter {
  mutating func propertyFindings(_ model: ModelAssessment) throws -> [Finding] {
    guard let run = model.run, let record = model.propertyRecord else { return [] }
    var findings: [Finding] = []
    var used: [String: Int] = [:]
    for property in run.properties where property.verdict != .proved {
      let isRefuted = property.verdict == .refuted
      var id = "\(model.id)/property/\(Self.slug(property.test.name))"
      used[id, default: 0] += 1
      if let count = used[id], count > 1 { id += "-\(count)" }
      let claim =
        "The plan says that over \(run.plan.place(of: property.test)) this holds: "
        + "\(run.plan.claim(of: property.test))."
      let outcome =
        isRefuted
        ? "A reading of that box breaks it, in single and in double precision"
          + (outputs(property).map { ": \($0)" } ?? "") + "."
        : "It was neither proved nor refuted: "
          + (property.limitation ?? "\(Self.percent(property.openShare)) of the boxes are open")
          + "."
      var items = [
        Finding.Evidence(
          role: .testRun, name: PropertyFacts.name(of: model.id), location: nil, digest: record,
          record: record), evidence.cite(model.file),
      ]
      if let data = model.evaluation { items.append(evidence.cite(data)) }
      findings.append(
        try finish(
          id: id, kind: .modelTest, severity: isRefuted ? .high : .low,
          verdict: isRefuted ? .provenByTest : .open,
          title: "\(model.id): \"\(property.test.name)\" "
            + (isRefuted ? "does not hold" : "is not proved"),
          statement: "\(claim) \(outcome) \(property.test.reason)",
          advice: isRefuted
            ? "Train the model anew or limit its output beside it, and rely on the property only once it is proved."
            : "Test with a more thorough profile, or split the box.", evidence: items))
    }
    return findings
  }

  /// The outputs of the counter-example.
  private func outputs(_ property: PropertyResult) -> String? {
    guard let example = property.counterexample else { return nil }
    let rows = example.outputs.map { row in
      row.prefix(4).map { DecimalText.quantity(Double($0), figures: 4) }.joined(separator: ", ")
        + (row.count > 4 ? ", …" : "")
    }
    return "the output is " + rows.joined(separator: ", then ")
  }
}
