import AdversarialTesting
import ArchitectureModel
import AssessmentPipeline
import AttackGraphs
import EngineSupport
import Provenance
import Testing
import ThreatKnowledge
import ThreatLanguage

/// The bundled sample from bytes to findings.
@Suite struct SampleAssessmentTests {
  @Test func everyFrontEndsInANamedConsequenceAndTheSensorPathIsMeasured() throws {
    let result = try SampleProduct().assess()
    let attacks = result.findings.compactMap(\.attack)
    for fronts in [Fronts.network, .sensor, .both] {
      let attack = try #require(attacks.first { $0.fronts == fronts })
      let path = try #require(attack.paths.first)
      #expect(result.product.consequences.map(\.id).contains(attack.consequence.id))
      #expect(path.steps.last?.id == attack.goal)
      let stands = path.entryPoints.compactMap { id in
        result.product.entryPoints.first { $0.id == id }?.front.fronts
      }
      #expect(stands.reduce(into: Fronts()) { $0.formUnion($1) } == fronts)
    }
    let sensor = try #require(
      attacks.first { $0.fronts == .sensor && $0.consequence.id == "unsafe-set-point" })
    let measured = try #require(
      sensor.paths[0].steps.first { $0.type.name == "evadeBySensor" }?.measured)
    let test = try #require(result.models[0].tests.first { $0.id == measured.testRun })
    #expect(measured.rate == test.chosen?.rate)
    #expect(measured.rate > 0)
    let ratio = sensor.paths[0].probability / sensor.paths[0].priorProbability
    #expect(abs(ratio - measured.rate / 0.3) < 1e-9)
  }

  @Test func everyFindingClosesItsChainOfEvidence() throws {
    let result = try SampleProduct().assess(samples: 8)
    #expect(!result.findings.isEmpty)
    for finding in result.findings {
      #expect(!finding.evidence.isEmpty, "\(finding.id)")
      for item in finding.evidence {
        #expect(result.ledger.entry(item.record) != nil, "\(finding.id): \(item.name)")
      }
    }
    #expect(Set(result.findings.map(\.id)).count == result.findings.count)
    #expect(result.ledger.entries.count { $0.type == "finding" } == result.findings.count)
  }

  @Test func everyArrowLeavesARecord() throws {
    let types = try SampleProduct().assess(samples: 4).ledger.entries.map(\.type)
    for (type, count) in [
      ("engine", 1), ("source-artifact", 7 + IndustrialLanguage.sources.count), ("import", 1),
      ("rule-set", 1), ("derivation", 6), ("test-run", 3),
    ] {
      #expect(types.count { $0 == type } == count, "\(type)")
    }
  }

  @Test func theOpenLineIsAFindingAndNotAFlow() throws {
    let result = try SampleProduct().assess(samples: 4)
    #expect(result.architecture.openFlows.map(\.label) == ["monthly report"])
    #expect(result.findings.contains { $0.id == "drawing/plant-overview/f-report" })
    #expect(
      result.diagnostics.contains { $0.code == "import.drawio.dangling-edge" })
  }

  @Test func widthDoesNotChangeAnything() throws {
    let one = try SampleProduct().assess(jobs: 1, samples: 40)
    let two = try SampleProduct().assess(jobs: 2, samples: 40)
    #expect(one.root == two.root)
    #expect(one.ledger.jsonLines == two.ledger.jsonLines)
    #expect(one.findings.map(\.fingerprint) == two.findings.map(\.fingerprint))
  }

  @Test func theSeedIsPartOfTheEvidence() throws {
    let sample = try SampleProduct()
    #expect(try sample.assess(samples: 4, seed: 1).root != sample.assess(samples: 4, seed: 2).root)
  }
}
