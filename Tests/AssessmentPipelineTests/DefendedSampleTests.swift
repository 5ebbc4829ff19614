import ArchitectureModel
import AssessmentPipeline
import AttackGraphs
import Testing
import ThreatKnowledge
import ThreatLanguage

/// The sample with every defence in place: what is left is what no defence of the language stands against.
@Suite struct DefendedSampleTests {
  @Test func onlyBlindingTheSensorIsLeft() throws {
    let result = try SampleProduct().assess(samples: 4)
    let attackers = result.product.entryPoints.filter { $0.step != "naturalConditions" }
    let entries = try attackers.map { entry in
      let component = try #require(
        result.architecture.components.firstIndex { component in
          component.name == entry.component
            || component.drawn.contains { $0.id.cell == entry.component }
        }, "\(entry.component)")
      let asset = result.bound.model.assets[result.bound.assetOfComponent[component]].name
      return try #require(result.graph.step(named: "\(asset):\(entry.step)"))
    }
    var reach = AttackReach(result.graph, from: entries)
    func consequences() -> Set<String> {
      Set(
        result.graph.steps.indices.filter {
          reach.isReached($0) && result.graph.type(of: $0).tags.contains("consequence")
        }.map { result.graph.type(of: $0).name })
    }
    #expect(consequences().isSuperset(of: ["unsafeSetPoint", "lossOfView", "wrongDecision"]))
    for step in result.graph.steps.indices where result.graph.kind(of: step) == .defense {
      _ = reach.switchOff(step)
    }
    let left = consequences()
    #expect(!left.isEmpty, "who stands at the meter can cover it")
    #expect(
      left.isSubset(of: [
        "denialOfControl", "denialOfView", "lossOfControl", "lossOfProductivity", "lossOfView",
      ]), "\(left.sorted())")
  }
}
