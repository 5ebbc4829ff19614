public import AssessmentPipeline
import Provenance

/// Writes the evidence ledger: one canonical record a line, over which anyone can compute the root again.
public struct EvidenceReporter: Reporter {
  public static let format = "evidence"

  public init() {}

  public func render(_ result: AssessmentResult) -> [ReportFile] {
    [ReportFile(name: "evidence.jsonl", bytes: result.ledger.jsonLines)]
  }
}
