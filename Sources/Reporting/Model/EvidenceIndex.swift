import AssessmentPipeline
import EngineSupport
import Provenance

/// The numbers by which the page refers to evidence: each ledger record that a finding cites, once, in the
/// order of first citation.
struct EvidenceIndex {
  struct Item {
    /// As the first finding that rests on it cites it.
    var evidence: Finding.Evidence
    /// Line of `evidence.jsonl`, from 1; `nil` for a record that is not in the ledger.
    var ledgerLine: Int?
  }

  /// Item number n, counted from 1, at n − 1.
  let items: [Item]
  private let number: [ContentDigest: Int]

  init(of result: AssessmentResult) {
    var items: [Item] = []
    var number: [ContentDigest: Int] = [:]
    for evidence in result.findings.lazy.flatMap(\.evidence) where number[evidence.record] == nil {
      items.append(
        Item(
          evidence: evidence, ledgerLine: result.ledger.entry(evidence.record).map { $0.index + 1 })
      )
      number[evidence.record] = items.count
    }
    self.items = items
    self.number = number
  }

  /// What a finding rests on as runs of numbers without a gap, ascending.
  func runs(of finding: Finding) -> [ClosedRange<Int>] {
    var runs: [ClosedRange<Int>] = []
    for next in Set(finding.evidence.compactMap { number[$0.record] }).sorted() {
      if let last = runs.last, last.upperBound + 1 == next {
        runs[runs.count - 1] = last.lowerBound...next
      } else {
        runs.append(next...next)
      }
    }
    return runs
  }
}
