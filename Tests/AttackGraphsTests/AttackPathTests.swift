import AttackGraphs
import EngineSupport
import Testing
import ThreatLanguage

/// Path search as callers see it: steps of a threat language, measured rates, defences and fronts.
@Suite struct AttackPathTests {
  @Test func measuredRatesReplacePriorsAndBothAreTold() throws {
    var sketch = GraphSketch()
    let scene = sketch.add(.or, 0.01)
    let patched = sketch.add(.defense, 0.5)
    let exists = sketch.add(.exist, 0, viable: true)
    let misread = sketch.add(.and, 0.9, measured: 0.25, after: [scene, patched, exists])
    let wrong = sketch.add(.or, 1, after: [misread])
    let search = sketch.graph.bestPaths(
      to: wrong, from: [scene: .sensor], needing: .sensor)
    let path = try #require(search.paths.first)
    #expect(search.paths.count == 1 && search.isComplete && search.probabilityBound == 0)
    #expect(path.steps == [scene, patched, exists, misread, wrong])
    #expect(path.chosenParents == [[], [], [], [scene, patched, exists], [misread]])
    #expect(path.entries == [scene] && path.fronts == .sensor)
    #expect(path.probability == 0.125 && path.priorProbability == 0.45)
    #expect(abs(path.costs.listed - 2.0794415416798357) < 1e-12, "ln 8")
  }

  @Test func whatIsImpossibleIsNotOnAPath() {
    for (prior, measured, viable) in [(0.0, nil, true), (0.5, 0.0, true), (0.5, nil, false)] {
      var sketch = GraphSketch()
      let start = sketch.add(.or, 1)
      let middle = sketch.add(.or, prior, measured: measured, viable: viable, after: [start])
      let goal = sketch.add(.or, 1, after: [middle])
      let graph = sketch.graph
      let search = graph.bestPaths(to: goal, from: [start: .network], needing: .network)
      #expect(search.paths.isEmpty && search.isComplete)
      #expect(!graph.reachability(of: goal, from: [start: .network]).fromBoth)
      // Standing at it, an attacker needs no luck to reach it.
      let there = graph.bestPaths(to: goal, from: [middle: .network], needing: .network)
      #expect(there.paths.map(\.probability) == [1])
    }
  }

  @Test func stepsWithoutParentsAndFailedChecksAreNotReached() {
    var sketch = GraphSketch()
    let lonely = sketch.add(.or, 1)
    let empty = sketch.add(.and, 1)
    let absent = sketch.add(.notExist, 1, viable: false)
    let holds = sketch.add(.notExist, 1)
    let goal = sketch.add(.or, 1, after: [lonely, empty, absent])
    let free = sketch.add(.or, 0.5, after: [holds])
    let graph = sketch.graph
    #expect(graph.bestPaths(to: goal, from: [:], needing: []).paths.isEmpty)
    #expect(!graph.reachability(of: goal, from: [:]).unaided)
    let unaided = graph.bestPaths(to: free, from: [:], needing: [])
    #expect(unaided.paths.map(\.steps) == [[holds, free]])
    #expect(unaided.paths.map(\.fronts) == [[]])
    #expect(graph.bestPaths(to: free, from: [lonely: .network], needing: .network).paths.isEmpty)
  }

  @Test func aPathNeedsExactlyItsFronts() {
    var sketch = GraphSketch()
    let wifi = sketch.add(.or, 1)
    let camera = sketch.add(.or, 1)
    let joined = sketch.add(.and, 0.5, after: [wifi, camera])
    let alone = sketch.add(.or, 0.1, after: [wifi])
    let goal = sketch.add(.or, 1, after: [joined, alone])
    let graph = sketch.graph
    let entries: [AttackGraph.StepID: Fronts] = [wifi: .network, camera: .sensor]
    func sets(_ fronts: Fronts) -> [[Int]] {
      graph.bestPaths(to: goal, from: entries, needing: fronts).paths.map { $0.steps.sorted() }
    }
    #expect(sets(.network) == [[wifi, alone, goal]])
    #expect(sets(.sensor) == [])
    #expect(sets(.both) == [[wifi, camera, joined, goal]])
    let reach = graph.reachability(of: goal, from: entries)
    #expect(reach.fromNetwork && !reach.fromSensor && reach.fromBoth && !reach.onlyWithBoth)
    let join = graph.reachability(of: joined, from: entries)
    #expect(join.onlyWithBoth)
    #expect(graph.reachableSteps(from: entries, at: .sensor) == [false, true, false, false, false])
    // A step that stands open to both fronts is enough from either.
    let open = graph.bestPaths(to: joined, from: [wifi: .both, camera: .sensor], needing: .sensor)
    #expect(open.paths.map(\.fronts) == [.sensor])
  }
}
