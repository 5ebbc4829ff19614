import AttackGraphs
import EngineSupport
import Provenance

/// The rates that an earlier report measured, for questions that need no new tests.
struct MeasuredRates {
  let measurements: [Measurement]
  /// Input files by name, with the digest the report took of them.
  private let sources: [(name: String, digest: String)]

  /// Reads a report's `threat-model.json`.
  init(reading document: InputDocument) throws(Diagnostic) {
    let report = try JSONParser.parse(document)
    func failure(_ value: JSONValue, _ message: String) -> Diagnostic {
      Diagnostic(
        "report.malformed", message, at: value.location ?? SourceLocation(document: document.name))
    }
    guard let models = report["models"]?.elements, let sources = report["sources"]?.elements else {
      throw failure(report, "this is no threat-model.json of a report")
    }
    var measurements: [Measurement] = []
    for model in models {
      for test in model["tests"]?.elements ?? [] {
        guard let measured = test["measured"], measured.members != nil else { continue }
        func number(_ key: String) throws(Diagnostic) -> Double {
          guard let value = measured[key]?.string.flatMap({ Double($0) }), (0...1).contains(value)
          else { throw failure(measured, "\"\(key)\" is no rate from 0 to 1") }
          return value
        }
        guard let asset = model["asset"]?.string, let step = measured["step"]?.string,
          let run = test["id"]?.string
        else { throw failure(test, "the test does not say what it measured") }
        measurements.append(
          Measurement(
            asset: asset, step: step, rate: try number("rate"), lower: try number("lower"),
            upper: try number("upper"), testRun: run))
      }
    }
    self.measurements = measurements
    self.sources = sources.compactMap { source in
      guard let name = source["name"]?.string, let digest = source["sha256"]?.string else {
        return nil
      }
      return (name, digest)
    }
  }

  /// Rates hold for the bytes they were measured on: throws if a document is another than the report's.
  func check(_ documents: [InputDocument], in report: String) throws(Diagnostic) {
    for document in documents {
      guard let known = sources.first(where: { $0.name == document.name }) else { continue }
      if ContentDigest(of: document.bytes).hexadecimal != known.digest {
        throw Diagnostic(
          "report.outdated", "\"\(document.name)\" is not the file that the report was made from",
          at: SourceLocation(document: report), hint: "run `bartizan assess` again")
      }
    }
  }
}
