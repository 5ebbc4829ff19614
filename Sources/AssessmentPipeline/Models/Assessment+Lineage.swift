import DescriptorImport
import EngineSupport

/// What a model's descriptor says, held against the bytes that are really there.
extension Assessment {
  func lineage(
    of model: ProductFile.Model, _ file: SourceFile, _ data: [SourceFile],
    recordingTo evidence: inout EvidenceRecorder, reportingTo diagnostics: inout Diagnostics
  ) throws -> [LineageStatement] {
    guard let reference = model.descriptor else {
      return [
        LineageStatement(
          subject: "model \(model.id)", field: "descriptor",
          value: "none is given: where the model comes from is unknown", status: .missing,
          location: model.location)
      ]
    }
    let document = try document(reference)
    let lineage = try DescriptorImporters.lineage(of: document, reportingTo: &diagnostics)
    let descriptor = evidence.record(.descriptor, document)
    var files = [
      MeasuredFile(
        file: file.name, digest: file.digest,
        component: lineage.models.count == 1 ? lineage.models[0].name.value : nil)
    ]
    files += data.map { MeasuredFile(file: $0.name, digest: $0.digest) }
    let verification = HashVerification(of: lineage, against: files)
    let gaps = lineage.gaps().map { gap in
      LineageStatement(
        subject: gap.subject, field: gap.kind.rawValue, value: gap.message, status: .missing,
        location: gap.location)
    }
    let statements =
      Self.declared(lineage) + Self.distinct(Self.hashes(verification)) + gaps
    evidence.record(statements, from: [descriptor, file] + data)
    return statements
  }

  /// A hash that a descriptor states twice, such as at the component and at its file, counts once.
  private static func distinct(_ statements: [LineageStatement]) -> [LineageStatement] {
    var seen: Set<[String]> = []
    return statements.filter { seen.insert([$0.subject, $0.field, $0.value]).inserted }
  }

  private static func hashes(_ verification: HashVerification) -> [LineageStatement] {
    let checked = verification.checks.map { check in
      let (value, status): (String, LineageStatement.Status) =
        switch check.outcome {
        case .verified(let file):
          ("\(check.hash.content.value) is the digest of \(file)", .verified)
        case .mismatch(let declared, let measured, let file):
          (
            "declared \(declared.hexadecimal), but \(file) has \(measured.hexadecimal)",
            .contradicted
          )
        case .notVerified(let reason): ("\(check.hash.content.value): \(reason)", .declared)
        case .malformed(let reason): ("\(check.hash.content.value): \(reason)", .contradicted)
        }
      return LineageStatement(
        subject: "\(check.subject.rawValue) \(check.component)",
        field: check.hash.algorithm.value, value: value, status: status, location: check.location)
    }
    return checked
      + verification.undeclared.map { file in
        LineageStatement(
          subject: file.file, field: "SHA-256",
          value: "the descriptor does not speak of this file", status: .missing, location: nil)
      }
  }

  private static func declared(_ lineage: Lineage) -> [LineageStatement] {
    var statements: [LineageStatement] = []
    func add(_ subject: String, _ field: String, _ value: Located<String>?) {
      guard let value else { return }
      statements.append(
        LineageStatement(
          subject: subject, field: field, value: value.value, status: .declared,
          location: value.location))
    }
    for model in lineage.models {
      let subject = "model \(model.name.value)"
      add(subject, "version", model.version)
      for licence in model.licences { add(subject, "licence", licence.text) }
      guard let card = model.card else { continue }
      add(subject, "task", card.task)
      add(subject, "architecture", card.architecture ?? card.architectureFamily)
      for metric in card.metrics {
        let bounds =
          if let low = metric.lowerBound, let high = metric.upperBound {
            " [\(low.value), \(high.value)]"
          } else { "" }
        add(
          subject, metric.kind?.value ?? "metric",
          metric.value.map { Located($0.value + bounds, at: $0.location) })
      }
      for use in card.useCases { add(subject, "intended use", use) }
      for limit in card.limitations { add(subject, "limit", limit) }
    }
    for data in lineage.dataSets {
      let subject = "data set \(data.title)"
      for licence in data.licences { add(subject, "licence", licence.text) }
      for source in data.sources { add(subject, "source", source) }
    }
    return statements
  }
}
