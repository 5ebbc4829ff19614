import AdversarialTesting
import AssessmentPipeline
import EngineSupport
public import ModelTesting
import TensorCore

/// A run of a test plan as files: a page to read, result, resolved plan, and one record for each sample and attacker.
public struct TestRunReport: Sendable {
  /// The file that marks a directory as such a report.
  public static let marker = "test-result.json"
  /// What people open first.
  public static let page = "report.html"

  let modelName: String
  let digest: ContentDigest
  let facts: ModelAssessment.Facts
  let dataName: String
  let result: ModelTestResult

  public init(
    modelName: String, model: ModelUnderTest, dataName: String, result: ModelTestResult
  ) {
    self.init(
      modelName: modelName, digest: model.digest, facts: ModelAssessment.Facts(model),
      dataName: dataName, result: result)
  }

  init(
    modelName: String, digest: ContentDigest, facts: ModelAssessment.Facts, dataName: String,
    result: ModelTestResult
  ) {
    self.modelName = modelName
    self.digest = digest
    self.facts = facts
    self.dataName = dataName
    self.result = result
  }

  public func files() -> [ReportFile] {
    [
      ReportFile(name: Self.page, bytes: TestRunPage(report: self).bytes),
      ReportFile(name: Self.marker, bytes: CanonicalJSON.indented(value)),
      ReportFile(name: "plan.json", bytes: CanonicalJSON.indented(result.resolved)),
    ]
      + result.attackers.map { attacker in
        Self.file(Self.records(of: attacker.attacker.front), of: attacker.result)
      }
      + (result.streams?.attackers ?? []).flatMap { attacker in
        let front = attacker.attacker.front
        return [Self.file(Self.records(ofStreams: front), of: attacker.result)]
          + (attacker.causal.map { [Self.file(Self.records(ofCausal: front), of: $0)] } ?? [])
      }
  }

  private static func file(_ name: String, of result: CampaignResult) -> ReportFile {
    ReportFile(
      name: name,
      bytes: result.samples.flatMap {
        CanonicalJSON.bytes(of: SampleJSON.value($0)) + [UInt8(ascii: "\n")]
      })
  }

  static func records(of front: TestPlan.Front) -> String { "samples/\(front.rawValue).jsonl" }

  static func records(ofStreams front: TestPlan.Front) -> String {
    "samples/streams-\(front.rawValue).jsonl"
  }

  static func records(ofCausal front: TestPlan.Front) -> String {
    "samples/streams-\(front.rawValue)-causal.jsonl"
  }

  var value: JSONValue {
    .object([
      ("title", .string(result.plan.title)), ("model", .string(modelName)),
      ("modelSha256", .string(digest.hexadecimal)), ("data", .string(dataName)),
      ("run", TestRunJSON.value(result)),
    ])
  }

  /// A few lines for a terminal.
  public var summary: [String] {
    (result.cleanError.map { ["clean samples: \(Wording.sentence(for: $0))"] } ?? [])
      + result.attackers.map { line(of: $0, named: $0.attacker.front.rawValue) }
      + (result.streams?.attackers ?? []).map(streamLine) + bracketLines
      + result.faultCertificates.map {
        let certified = ShownFaultCertificate($0, of: result.plan)
        return "\(certified.title): \(certified.headline)"
      } + result.properties.map(propertyLine) + result.smoothing.map(smoothingLine)
  }

  private func propertyLine(_ property: PropertyResult) -> String {
    let doubt =
      property.verdict == .unknown
      ? (property.limitation ?? "\(DecimalText.percent(property.openShare)) of the boxes open")
      : nil
    return "property \"\(property.test.name)\": \(property.verdict.rawValue)"
      + (doubt.map { ", \($0)" } ?? "") + "; \(result.plan.claim(of: property.test))"
  }

  private func smoothingLine(_ smoothing: SmoothingResult) -> String {
    let unit = result.plan.input.channels.first?.unit ?? ""
    let shares = smoothing.accuracy.map { row in
      "\(row.certified) of \(row.samples) at \(DecimalText.quantity(row.radius))"
    }
    return
      "smoothed with \(DecimalText.quantity(smoothing.deviation)) \(unit): right and certified at a radius "
      + "(L2, \(unit)) \(shares.joined(separator: ", ")); "
      + Wording.plural(smoothing.abstentions, "abstention", "abstentions")
  }

  private func line(of attacker: AttackerResult, named name: String) -> String {
    let row = attacker.chosen
    let rate = row.map {
      "\($0.successes) of \($0.trials) broken, \(DecimalText.percent($0.rate)) "
        + "[\(DecimalText.percent($0.interval.lower)), \(DecimalText.percent($0.interval.upper))]"
    }
    // A rate counts one budget, a verdict the whole ladder: only doubt is worth a word here.
    let doubt = attacker.result.verdict == .inconclusive ? "; inconclusive" : ""
    let verdict = attacker.acceptance.map { "; \($0.rawValue)" } ?? ""
    return "\(name): at \(DecimalText.quantity(attacker.attacker.chosen)) \(attacker.unit) "
      + "\(rate ?? "")\(doubt)\(verdict)"
  }

  private func streamLine(of attacker: AttackerResult) -> String {
    let causal = attacker.causal?.budgets.first { $0.budget == attacker.attacker.chosen }
    return line(of: attacker, named: "\(attacker.attacker.front.rawValue), streams")
      + (causal.map { "; without foresight \($0.successes) of \($0.trials)" } ?? "")
  }

  private var bracketLines: [String] {
    guard let brackets = result.brackets,
      let attacker = result.attackers.first(where: { $0.attacker.front == brackets.front }),
      let row = brackets.summary.rows.first(where: { $0.budget == attacker.attacker.chosen })
    else { return [] }
    return [
      "\(brackets.front.rawValue), \(row.samples) samples certified: at "
        + "\(DecimalText.quantity(row.budget)) \(brackets.unit) \(row.text)"
    ]
  }
}
