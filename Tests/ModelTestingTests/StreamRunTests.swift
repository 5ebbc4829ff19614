import AdversarialTesting
import EngineSupport
import ModelTesting
import Testing

/// Plans with streams: one bend an instant for all windows, nothing before the onset, the same bytes at any width.
@Suite struct StreamRunTests {
  /// The leak watch's plan with little beside its streams.
  private static func plan(_ bundled: BundledModel) -> TestPlan {
    var plan = bundled.plan
    plan.noise = nil
    plan.faults = nil
    plan.certificates = nil
    plan.faultCertificates = []
    for place in plan.attackers.indices {
      plan.attackers[place].budgets = [16]
      plan.attackers[place].chosen = 16
    }
    // Four windows: every query asks for all.
    plan.streams?.step = 4
    return plan
  }

  @Test func attackersBendStreamsOnceAndOnlyFromTheOnsetOn() throws {
    let bundled = try BundledModel("leak-watch")
    let plan = Self.plan(bundled)
    let test = try #require(plan.streams)
    let run = try bundled.run(plan, samples: 3)
    let resolved = try #require(run.resolved["streams"])
    #expect(resolved["instants"]?.integer == 44 && resolved["windows"]?.integer == 4)
    #expect(resolved["attackers"]?.elements?.count == 2)
    let result = try run.run(workers: OrderedConcurrency(width: 2))
    let streams = try #require(result.streams)
    #expect(streams.rows.count == 3 && streams.length == 44 && streams.windows == 4)
    #expect(result.attackers.map(\.attacker.front) == [.sensor, .network])
    #expect(streams.attackers.map(\.attacker.front) == [.sensor, .network])
    var examples = 0
    for attacker in streams.attackers {
      #expect(attacker.unconstrained == nil && attacker.acceptance == nil)
      let causal = try #require(attacker.causal)
      #expect(attacker.result.checks.map(\.identifier) == SelfCheck.Identifier.allCases)
      for campaign in attacker.campaigns {
        #expect(campaign.rejected.outsideSet == 0 && campaign.rejected.singleDisagrees == 0)
        #expect(campaign.samples.map(\.index) == streams.rows)
      }
      // Whoever knows less breaks no more than all together.
      for (all, one) in zip(attacker.result.budgets, causal.budgets) {
        #expect(one.successes <= all.successes)
      }
      for sample in attacker.result.samples {
        guard let example = sample.example else { continue }
        examples += 1
        #expect(example.reading.count == 44 * 3)
        for index in example.reading.indices
        where example.reading[index] != example.original[index] {
          #expect(index / 3 >= test.onset && attacker.attacker.writes.contains(index % 3))
        }
        // The chords stay together along the whole stream, or no further apart than they were.
        for instant in 0..<44 {
          let (after, before) = [example.reading, example.original].map {
            Double($0[3 * instant]) - Double($0[3 * instant + 1])
          }.pair
          #expect(abs(after) <= max(6, abs(before)) + 1e-2)
        }
      }
    }
    #expect(examples > 0)
    let narrow = try run.run(workers: OrderedConcurrency(width: 1))
    #expect(narrow.evidence == result.evidence)
  }

  @Test func streamsAreAPartOfTheDigest() throws {
    let bundled = try BundledModel("leak-watch")
    let plan = Self.plan(bundled)
    let first = try bundled.run(plan, samples: 1).digest
    let changes: [(inout TestPlan) -> Void] = [
      { $0.streams?.onset = 19 }, { $0.streams?.step = 3 }, { $0.streams?.rule = .anyWindow },
      { $0.streams?.data.seed = 2 }, { $0.streams?.reason = "another" }, { $0.streams = nil },
    ]
    for (number, change) in changes.enumerated() {
      var other = plan
      change(&other)
      #expect(try bundled.run(other, samples: 1).digest != first, "change \(number)")
    }
  }

  @Test func whatDoesNotFitIsRefusedWithItsPlace() throws {
    let bundled = try BundledModel("leak-watch")
    func code(_ change: (inout TestPlan) -> Void) -> String? {
      var plan = Self.plan(bundled)
      change(&plan)
      do throws(Diagnostic) {
        _ = try bundled.run(plan, samples: 1)
        return nil
      } catch {
        #expect(error.location?.line != nil || error.code.name.hasPrefix("data."))
        return error.code.name
      }
    }
    #expect(code { $0.streams?.onset = 44 } == "plan.streams.onset")
    #expect(code { $0.streams?.data.file.path = "none.npz" } == "input.file.missing")
    #expect(code { $0.streams?.data.inputs = "labels" } == "data.shape.mismatch")
    #expect(code { $0.streams?.data.labels = "event" } == "data.label.range")
  }

  /// Both halves of a broken-off run of streams end in what the whole run ends in.
  @Test func anInterruptedRunOfStreamsEndsTheSame() throws {
    let bundled = try BundledModel("leak-watch")
    var plan = Self.plan(bundled)
    plan.attackers.removeLast()
    let run = try bundled.run(plan, samples: 2)
    let whole = try run.run(workers: OrderedConcurrency(width: 1))
    let journal = BreakingJournal()
    _ = try run.run(workers: OrderedConcurrency(width: 2), journal: journal)
    let parts = journal.count
    #expect(parts >= 5)
    for moment in stride(from: 0, to: parts, by: 2) {
      let journal = BreakingJournal()
      journal.breakOff(after: moment)
      #expect(throws: BreakingJournal.Interruption.self) {
        try run.run(workers: OrderedConcurrency(width: 1 + moment / 2 % 2), journal: journal)
      }
      journal.breakOff(after: .max)
      let resumed = try run.run(
        workers: OrderedConcurrency(width: 2 - moment / 2 % 2), journal: journal)
      #expect(resumed.evidence == whole.evidence, "moment \(moment)")
    }
  }

  @Test func eventsNeedAQuietClassAndStreamsAnAttacker() throws {
    let section = "noise: {draws: 50, reason: the data sheet}"
    func read(_ streams: String, _ old: String = "", _ new: String = "") throws -> TestPlan {
      try TestPlanTests.plan(
        replacing: section, with: section + "\nstreams: {\(streams), reason: r}",
        and: old, with: new
      ).plan
    }
    let data = "file: s.npz, inputs: signals, labels: labels"
    let streams = try #require(try read(data + ", onset: 2, step: 3").streams)
    #expect(streams.onset == 2 && streams.step == 3 && streams.rule == .event)
    #expect(streams.data.rule == .all && streams.acceptance == nil)
    #expect(
      try read(data).references.map(\.path) == ["eval.npz", "s.npz"])
    for (text, old, new) in [
      (data + ", wrong_when: event", "quiet_class: quiet", ""), (data + ", step: 0", "", ""),
      (data + ", onset: -1", "", ""), (data + ", wrong_when: sometimes", "", ""),
    ] {
      let error = #expect(throws: Diagnostic.self) { try read(text, old, new) }
      #expect(error?.code.name == "plan.value.wrong" && error?.location?.line != nil, "\(text)")
    }
    let judged = try read(data + ", acceptance: {largest_rate: 0.25, reason: the water works}")
    #expect(judged.streams?.acceptance?.largestRate == 0.25)
    let plain = try read(data, "quiet_class: quiet", "")
    #expect(plain.streams?.rule == .anyWindow)
  }
}

extension [Double] {
  fileprivate var pair: (Double, Double) { (self[0], self[1]) }
}
