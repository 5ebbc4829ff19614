import AdversarialTesting
import EngineSupport
import ModelTesting
import Testing

/// Runs of the bundled models' plans: what is resolved, and what comes out.
@Suite struct ModelTestRunTests {
  @Test(arguments: [
    "gauge-reader", "grid-guard", "leak-watch", "pressure-comp", "transient-class",
  ])
  func everyBundledPlanRunsAndChecksItself(_ name: String) throws {
    let bundled = try BundledModel(name)
    let result = try bundled.run(samples: name == "leak-watch" ? 4 : 12)
      .run(workers: OrderedConcurrency(width: 2))
    #expect(result.attackers.map(\.attacker.front) == [.sensor, .network])
    for attacker in result.attackers {
      let identifiers = attacker.result.checks.map(\.identifier)
      #expect(identifiers == SelfCheck.Identifier.allCases)
      #expect(attacker.result.rejected.outsideSet == 0)
      #expect(attacker.result.rejected.singleDisagrees == 0)
      #expect(attacker.result.samples.map(\.index) == result.rows)
      for (before, after) in zip(attacker.result.budgets, attacker.result.budgets.dropFirst()) {
        #expect(before.successes <= after.successes)
      }
      for sample in attacker.result.samples {
        guard let example = sample.example else { continue }
        #expect(example.distance <= example.budget * (1 + 1e-4))
        // Only what the attacker can write has changed.
        let channels = bundled.plan.input.channels.count
        for index in example.reading.indices
        where example.reading[index] != example.original[index] {
          #expect(attacker.attacker.writes.contains(channels == 1 ? 0 : index % channels))
        }
      }
    }
    let certified = try #require(result.brackets).summary
    for row in certified.rows { #expect(row.certified <= row.withstood) }
  }

  @Test func aQuickLookTestsTheFirstOfTheDraw() throws {
    let bundled = try BundledModel("gauge-reader")
    let few = try bundled.run(samples: 5)
    let more = try bundled.run(samples: 9)
    let drawn = try bundled.samples().drawn
    #expect(drawn.count == 150)
    #expect(few.resolved["rows"]?.elements?.compactMap(\.integer) == drawn.prefix(5).sorted())
    #expect(more.resolved["rows"]?.elements?.compactMap(\.integer) == drawn.prefix(9).sorted())
    #expect(few.digest != more.digest)
  }

  @Test func ofEachRecordingOneWindowIsDrawn() throws {
    let bundled = try BundledModel("leak-watch")
    let drawn = try bundled.samples().drawn
    #expect(drawn.count == 120 && Set(drawn).count == 120)
    // Windows 2k and 2k + 1 were cut from recording k.
    #expect(Set(drawn.map { $0 / 2 }).count == 120)
  }

  @Test func aRegressionStatesItsErrorOnCleanSamples() throws {
    let bundled = try BundledModel("pressure-comp")
    var plan = bundled.plan
    plan.attackers.removeLast()
    plan.certificates = nil
    plan.noise = nil
    plan.faults = nil
    plan.faultCertificates = []
    plan.properties = []
    let result = try bundled.run(plan, samples: 20).run(workers: OrderedConcurrency(width: 1))
    let error = try #require(result.cleanError)
    #expect(error.samples == 20 && error.unit == "bar" && result.rows.contains(error.row))
    #expect(error.meanAbsolute > 0 && error.meanAbsolute <= error.largest && error.largest < 0.1)
    #expect(result.acceptance == nil)
    plan.data.targets = nil
    let silent = try bundled.run(plan, samples: 2).run(workers: OrderedConcurrency(width: 1))
    #expect(silent.cleanError == nil && silent.notTested.contains { $0.contains("`targets`") })
    for (name, code) in [("readings", "data.targets.count"), ("none", "numpy.array.missing")] {
      plan.data.targets = name
      let error = #expect(throws: Diagnostic.self) { try bundled.run(plan) }
      #expect(error?.code.name == code)
    }
  }

  @Test func theDigestCoversPlanSeedProfileAndEngine() throws {
    let bundled = try BundledModel("pressure-comp")
    let samples = try bundled.samples()
    func digest(
      _ plan: TestPlan, profile: TestProfile = .quick, seed: UInt64 = 1, engine: String = "a"
    ) throws -> ContentDigest {
      try ModelTestRun(
        plan, of: bundled.model, on: samples, profile: profile, seed: seed, engine: engine
      ).digest
    }
    var louder = bundled.plan
    louder.attackers[0].reason = "somebody said so"
    var scaled = bundled.plan
    scaled.input.scaling = .init(unitsPerTensorUnit: 1.001)
    var renamed = bundled.plan
    renamed.data.labels = "others"
    var wider = bundled.plan
    wider.input.channels[1].range = -100...100
    let digests = [
      try digest(bundled.plan), try digest(bundled.plan, profile: .standard),
      try digest(bundled.plan, seed: 2), try digest(bundled.plan, engine: "b"),
      try digest(louder), try digest(wider), try digest(scaled), try digest(renamed),
    ]
    #expect(Set(digests).count == digests.count)
    #expect(try digest(bundled.plan) == digests[0])
  }

  @Test func aPlanThatDoesNotFitIsRefused() throws {
    let bundled = try BundledModel("pressure-comp")
    let samples = try bundled.samples()
    func code(_ change: (inout TestPlan) -> Void) -> String? {
      var plan = bundled.plan
      change(&plan)
      do throws(Diagnostic) {
        _ = try ModelTestRun(plan, of: bundled.model, on: samples, engine: "a")
        return nil
      } catch {
        return error.code.name
      }
    }
    #expect(code { $0.input.tensor = "image" } == "plan.tensor.unknown")
    #expect(code { $0.input.channels.removeLast() } == "plan.layout")
    #expect(code { $0.input.layout = [.time, .channel] } == "plan.layout")
    #expect(code { $0.input.channels[0].range = 0...1 } == "data.value.out-of-range")
    #expect(
      code { $0.modelDigest = ContentDigest(bytes: [UInt8](repeating: 1, count: 32)) }
        == "plan.model.digest")
  }
}
