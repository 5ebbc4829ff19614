import AttackGraphs
import Testing
import ThreatKnowledge
import ThreatLanguage

/// What the engine finds of one replay: which documented techniques an attacker at the documented entries can use.
///
/// A technique is found where a step that cites it is reached from the documented entries and leads, over other reached
/// steps, to a documented impact. One that serves no tactic on the way to harm (`asides`) is found where it is reached.
struct ReplayOutcome {
  let replay: Replay
  /// Expected techniques with the first step that stands for each, `Box:step`.
  private(set) var found: [String: String] = [:]
  /// How many techniques of the whole catalogue are found by the same rule, documented or not.
  private(set) var possible = 0
  /// Documented impacts that are reached from the documented entries.
  private(set) var impactsReached: [String] = []
  /// Documented impacts that are reached without any entry.
  private(set) var impactsUnaided: [String] = []
  /// Steps of the most probable path to the first impact, defences left out; `nil` where there is none.
  private(set) var bestPathLength: Int?

  var missing: [String] { replay.expected.filter { found[$0] == nil } }
  var recall: Double {
    replay.expected.isEmpty ? 0 : Double(found.count) / Double(replay.expected.count)
  }

  /// Tactics of both catalogues that look for something, hide, prepare or harm, and are no part of the way to an impact.
  private static let asides: Set<String> = [
    "TA0100", "TA0101", "TA0102", "TA0103", "TA0105",
    "AML.TA0002", "AML.TA0003", "AML.TA0007", "AML.TA0008", "AML.TA0009", "AML.TA0010",
    "AML.TA0011",
    "AML.TA0013", "AML.TA0014",
  ]

  init(of replay: Replay) throws {
    try self.init(of: replay, in: ArchitectureSketch(replay.architecture).graph())
  }

  /// The replay in another drawing of its architecture.
  init(of replay: Replay, in graph: AttackGraph) throws {
    self.replay = replay
    var entries: [AttackGraph.StepID: Fronts] = [:]
    for name in replay.entries {
      let step = try #require(graph.step(named: name), "\(replay.name): no step \(name)")
      let tags = graph.type(of: step).tags
      #expect(tags.contains("entry"), "\(replay.name): \(name) is no entry")
      entries[step] = tags.contains("sensor") ? .sensor : .network
    }
    let impacts = try replay.impacts.map {
      try #require(graph.step(named: $0), "\(replay.name): no step \($0)")
    }
    for impact in impacts {
      #expect(graph.type(of: impact).tags.contains("consequence"), "\(graph.name(of: impact))")
    }
    let reached = graph.reachableSteps(from: entries, at: .both)
    let unaided = graph.reachableSteps(from: [:], at: .both)
    impactsReached = impacts.filter { reached[$0] }.map(graph.name(of:))
    impactsUnaided = impacts.filter { unaided[$0] }.map(graph.name(of:))
    let leading = Self.leading(to: impacts, in: graph, over: reached)
    for technique in try Self.techniques(of: replay.catalogue) {
      let steps = try Self.isAside(technique, replay.catalogue) ? reached : leading
      let step = graph.steps.indices.first {
        steps[$0] && !unaided[$0] && Self.cites(graph.type(of: $0), technique, replay.catalogue)
      }
      guard let step else { continue }
      possible += 1
      if replay.expected.contains(technique) { found[technique] = graph.name(of: step) }
    }
    bestPathLength = impacts.first.flatMap { Self.pathLength(to: $0, from: entries, in: graph) }
  }

  /// Reached steps from which reached steps lead to one of `goals`, and the goals themselves.
  private static func leading(
    to goals: [AttackGraph.StepID], in graph: AttackGraph, over reached: [Bool]
  ) -> [Bool] {
    var leading = Array(repeating: false, count: graph.stepCount)
    var open = goals.filter { reached[$0] }
    for goal in open { leading[goal] = true }
    while let step = open.popLast() {
      for parent in graph.parents(of: step).map({ Int($0) })
      where reached[parent] && !leading[parent] {
        leading[parent] = true
        open.append(parent)
      }
    }
    return leading
  }

  private static func knowledge(_ catalogue: Replay.Catalogue) throws -> KnowledgeCatalogue {
    try #require(
      KnowledgeBase.bundled.catalogue(catalogue == .attack ? "attack-ics" : "atlas"))
  }

  private static func techniques(of catalogue: Replay.Catalogue) throws -> [String] {
    try knowledge(catalogue).entries.filter { $0.kind == .technique }.map(\.id)
  }

  private static func isAside(_ technique: String, _ catalogue: Replay.Catalogue) throws -> Bool {
    let entry = try #require(knowledge(catalogue).entry(technique))
    return asides.isSuperset(of: entry.targets(.tactic))
  }

  private static func cites(
    _ step: StepType, _ technique: String, _ catalogue: Replay.Catalogue
  ) -> Bool {
    step.meta.contains {
      $0.key == catalogue.rawValue && LanguageCoverage.ids($0.text).contains(technique)
    }
  }

  /// On whichever front, or both, the most probable path begins.
  private static func pathLength(
    to goal: AttackGraph.StepID, from entries: [AttackGraph.StepID: Fronts], in graph: AttackGraph
  ) -> Int? {
    let paths = [Fronts.network, .sensor, .both].flatMap {
      graph.bestPaths(to: goal, from: entries, needing: $0, limit: 1).paths
    }
    let best = paths.max { $0.probability < $1.probability }
    return best.map { $0.steps.count { graph.kind(of: $0) == .or || graph.kind(of: $0) == .and } }
  }
}
