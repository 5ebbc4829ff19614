import AssessmentPipeline
import AttackGraphs
import EngineSupport
import Testing
import ThreatKnowledge
import ThreatLanguage

/// Each defence of the language, switched on alone in the bundled samples, stops something that leads to a
/// consequence; or the language says why no sample shows it.
@Suite struct DefenceEffectTests {
  private static let samples = ["handheld-terminal", "flow-meter", "substation", "vision-cell"]

  @Test func everyDefenceStopsSomethingOrSaysWhyNot() throws {
    var effective: Set<String> = []
    for name in Self.samples {
      effective.formUnion(try Self.effective(in: SampleFolder(name).graph()))
    }
    var diagnostics = Diagnostics()
    let language = try #require(
      CompiledLanguage(sources: IndustrialLanguage.sources, reportingTo: &diagnostics))
    let excused = try LanguageCoverage(
      of: language, notModelled: IndustrialLanguage.notModelled
    ).defenseReasons
    let declared = Set(
      language.assetTypes.flatMap { type in
        type.steps.filter { $0.kind == .defense }.map { "\($0.declaredIn).\($0.name)" }
      })
    let silent = declared.subtracting(effective).subtracting(excused.keys).sorted()
    #expect(silent.isEmpty, "neither effective nor excused: \(silent)")
    let needless = excused.keys.filter { effective.contains($0) || !declared.contains($0) }.sorted()
    #expect(needless.isEmpty, "excused for nothing: \(needless)")
    print("\(effective.count) of \(declared.count) defences stop something in a sample")
  }

  /// The defences, by `Asset.defence` as they are declared, without which something is reached that leads to a
  /// consequence, with every other defence absent and an attacker at each entry of the language.
  private static func effective(in product: ProductGraph) -> Set<String> {
    var graph = product.graph
    for step in 0..<graph.stepCount where graph.kind(of: step) == .defense {
      graph.assume(step, probability: 1)
    }
    let leads = leadsToConsequence(graph)
    // Attackers everywhere the language lets one start, not only where the sample's owner fears one.
    let entries = (0..<graph.stepCount).filter { graph.type(of: $0).tags.contains("entry") }
    var reach = AttackReach(graph, from: entries)
    var effective: Set<String> = []
    for step in 0..<graph.stepCount where graph.kind(of: step) == .defense {
      let type = graph.type(of: step)
      let name = "\(type.declaredIn).\(type.name)"
      guard !effective.contains(name) else { continue }
      let lost = reach.switchOff(step)
      if lost.contains(where: { $0 != step && leads[$0] }) { effective.insert(name) }
      _ = reach.switchOn(step)
    }
    return effective
  }

  /// Which steps lead, over any edges, to a step that the language marks as a consequence.
  private static func leadsToConsequence(_ graph: AttackGraph) -> [Bool] {
    var leads = [Bool](repeating: false, count: graph.stepCount)
    var queue = (0..<graph.stepCount).filter { graph.type(of: $0).tags.contains("consequence") }
    for step in queue { leads[step] = true }
    while let step = queue.popLast() {
      for parent in graph.parents(of: step) where !leads[Int(parent)] {
        leads[Int(parent)] = true
        queue.append(Int(parent))
      }
    }
    return leads
  }
}
