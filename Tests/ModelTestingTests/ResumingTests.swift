import AdversarialTesting
import EngineSupport
import Foundation
import ModelTesting
import ONNXFormat
import Testing

/// A run that is interrupted at any moment goes on from its journal and ends in what it would have found anyway.
@Suite struct ResumingTests {
  private static let seed: UInt64 = 20_261_122

  @Test(arguments: ["pressure-comp", "gauge-reader"])
  func whereverItBreaksOffItEndsTheSame(_ model: String) throws {
    let run = try BundledModel(model).run(samples: 20)
    let whole = try run.run(workers: OrderedConcurrency(width: 1))
    let journal = BreakingJournal()
    _ = try run.run(workers: OrderedConcurrency(width: 2), journal: journal)
    let parts = journal.count
    #expect(parts > 10)
    var random = SeededRandom(seed: Self.seed)
    var interruptions = 0
    for moment in 0..<20 {
      let journal = BreakingJournal()
      journal.breakOff(after: random.index(below: parts))
      let width = 1 + moment % 2
      #expect(throws: BreakingJournal.Interruption.self) {
        try run.run(workers: OrderedConcurrency(width: width), journal: journal)
      }
      interruptions += 1
      journal.breakOff(after: .max)
      let resumed = try run.run(workers: OrderedConcurrency(width: 3 - width), journal: journal)
      #expect(resumed.evidence == whole.evidence, "seed \(Self.seed), moment \(moment)")
    }
    #expect(interruptions == 20)
  }

  @Test func partsOfAnotherPlanAreNotTakenOver() throws {
    let bundled = try BundledModel("pressure-comp")
    let journal = BreakingJournal()
    let first = try bundled.run(samples: 6)
    _ = try first.run(workers: OrderedConcurrency(width: 1), journal: journal)
    let count = journal.count
    let other = try bundled.run(samples: 6, seed: 7)
    #expect(other.digest != first.digest)
    let resumed = try other.run(workers: OrderedConcurrency(width: 1), journal: journal)
    #expect(journal.count > count)
    #expect(resumed.evidence == (try other.run(workers: OrderedConcurrency(width: 1)).evidence))
  }

  @Test func damagedEntriesCountAsNotThere() throws {
    struct Liar: WorkJournal {
      func entry(for key: String) -> JSONValue? { ["records": "none"] }
      func keep(_ entry: JSONValue, for key: String) throws {}
    }
    let run = try BundledModel("pressure-comp").run(samples: 4)
    let honest = try run.run(workers: OrderedConcurrency(width: 1))
    let misled = try run.run(workers: OrderedConcurrency(width: 1), journal: Liar())
    #expect(misled.evidence == honest.evidence)
  }
}

extension ModelTestResult {
  /// Everything that was measured, to be compared.
  struct Evidence: Equatable {
    var attackers: [[CampaignResult]]
    var noise: CampaignResult?
    var cleanError: RegressionError?
    var survival: [SurvivalRow]
    var brackets: BracketSummary?
    var faultCertificates: [FaultCertificateResult]
    var properties: [PropertyResult]
    var smoothing: [SmoothingResult]
    var notTested: [String]
  }

  var evidence: Evidence {
    Evidence(
      attackers: (attackers + (streams?.attackers ?? [])).map { attacker in
        [attacker.result] + attacker.campaigns + [attacker.unconstrained].compactMap(\.self)
      }, noise: noise, cleanError: cleanError, survival: faults + corruptions,
      brackets: brackets?.summary,
      faultCertificates: faultCertificates, properties: properties, smoothing: smoothing,
      notTested: notTested)
  }
}
