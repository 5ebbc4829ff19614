import EngineSupport
import Provenance

/// One finding of a written report, walked back to its evidence; the ledger is checked on the way.
struct Explanation {
  /// What is printed, line by line.
  let lines: [String]

  /// Reads a report's `threat-model.json` and `evidence.jsonl`. The Merkle root is recomputed and must be the
  /// one the report states; every record the finding cites must be under it.
  init(
    of finding: String, in model: InputDocument, evidence: InputDocument
  ) throws(Diagnostic) {
    let report = try JSONParser.parse(model)
    let ledger = try LedgerReading(reading: evidence)
    let stated = report["evidence"]?["root"]?.string
    guard stated == ledger.root.hexadecimal else {
      throw Diagnostic(
        "evidence.root.mismatch",
        "the report states the root \(stated ?? "none"), the evidence has \(ledger.root.hexadecimal)",
        at: SourceLocation(document: evidence.name),
        hint: "report and evidence do not belong together, or one of them was changed")
    }
    let findings = report["findings"]?.elements ?? []
    guard let found = findings.first(where: { $0["id"]?.string == finding }) else {
      throw Diagnostic(
        "explain.finding.unknown", "the report has no finding \"\(finding)\"",
        at: SourceLocation(document: model.name),
        hint: "findings: " + findings.compactMap { $0["id"]?.string }.joined(separator: ", "))
    }
    let records = Dictionary(
      ledger.records.map { ($0.id.hexadecimal, $0) }, uniquingKeysWith: { first, _ in first })
    try Self.check(found, finding, ledger, in: evidence.name)
    lines =
      Self.head(found) + Self.paths(found) + (try Self.evidence(found, records, in: model.name)) + [
        "",
        "Evidence: \(ledger.records.count) records; the root recomputed from them is the one the "
          + "report states:",
        "  \(ledger.root.hexadecimal)",
      ]
  }

  /// The finding's own record must carry the fingerprint that the report shows.
  private static func check(
    _ finding: JSONValue, _ id: String, _ ledger: LedgerReading, in document: String
  ) throws(Diagnostic) {
    let record = ledger.records.first { $0.type == "finding" && $0.body["id"]?.string == id }
    guard let record, record.body["fingerprint"]?.string == finding["fingerprint"]?.string else {
      throw Diagnostic(
        "evidence.finding.mismatch",
        "the evidence does not hold the finding \"\(id)\" as the report shows it",
        at: SourceLocation(document: document))
    }
  }

  private static func head(_ finding: JSONValue) -> [String] {
    func text(_ key: String) -> String { finding[key]?.string ?? "" }
    return [
      text("title"),
      "  finding      \(text("id"))", "  severity     \(text("severity"))",
      "  verdict      \(text("verdict"))", "  fingerprint  \(text("fingerprint"))", "",
      text("statement"), "Next: \(text("advice"))",
    ]
  }

  private static func paths(_ finding: JSONValue) -> [String] {
    let paths = finding["attack"]?["paths"]?.elements ?? []
    guard let best = paths.first else { return [] }
    var lines = [
      "",
      "Best of \(paths.count) listed paths: probability "
        + "\(best["probability"]?.string ?? "?"), by priors alone "
        + "\(best["priorProbability"]?.string ?? "?")",
    ]
    for (index, step) in (best["steps"]?.elements ?? []).enumerated() {
      let entry = step["entryPoint"]?.string.map { "  [starts here: \($0)]" } ?? ""
      lines.append("  \(index + 1). \(step["name"]?.string ?? "?")\(entry)")
      if let sentence = step["sentence"]?.string { lines.append("       \(sentence)") }
      let prior = step["prior"]?.string ?? "?"
      if let measured = step["measured"], measured.members != nil {
        lines.append(
          "       prior \(prior), measured \(measured["rate"]?.string ?? "?") "
            + "[\(measured["lower"]?.string ?? "?"), \(measured["upper"]?.string ?? "?")] "
            + "by test \(measured["testRun"]?.string ?? "?")")
      } else if prior != "1.0" {
        lines.append("       prior \(prior)")
      }
    }
    return lines
  }

  private static func evidence(
    _ finding: JSONValue, _ records: [String: LedgerReading.Record], in document: String
  ) throws(Diagnostic) -> [String] {
    var lines = ["", "Rests on:"]
    for item in finding["evidence"]?.elements ?? [] {
      guard let id = item["record"]?.string, let record = records[id] else {
        throw Diagnostic(
          "evidence.record.missing",
          "the finding cites a record that the evidence does not hold", at: item.location)
      }
      let place = item["location"].flatMap(Self.place) ?? ""
      lines.append(
        "  \(item["role"]?.string ?? "?"): \(item["name"]?.string ?? "?")"
          + (place.isEmpty ? "" : "  at \(place)"))
      lines.append(
        "       sha256 \(item["digest"]?.string ?? "?")  (evidence line \(record.line), "
          + "\(record.type))")
      if record.type == "test-run" { lines.append("       " + Self.plan(record.body)) }
    }
    return lines
  }

  /// How a test ran, from its ledger record.
  private static func plan(_ run: JSONValue) -> String {
    let parameters = (run["parameters"]?.members ?? []).map {
      "\($0.key): \($0.value.string ?? "?")"
    }
    return "\(run["attack"]?.string ?? "?"), seed \(run["seed"]?.string ?? "?"), "
      + "\(run["samples"]?.integer ?? 0) samples, \(run["verdict"]?.string ?? "?"); "
      + parameters.joined(separator: "; ")
  }

  private static func place(_ value: JSONValue) -> String? {
    if let text = value.string { return text }
    guard let document = value["document"]?.string else { return nil }
    var text = document
    if let line = value["line"]?.integer {
      text += ":\(line)"
      if let column = value["column"]?.integer { text += ":\(column)" }
    }
    if let path = value["path"]?.string { text += " (\(path))" }
    return text
  }
}
