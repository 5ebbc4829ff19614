import AssessmentPipeline
import AttackGraphs
import EngineSupport
import Testing

/// The questions of a product file, answered side by side, against plain searches one by one.
@Suite struct WhatIfTests {
  @Test func answersAreThoseOfPlainSearches() throws {
    let sample = try SampleProduct()
    var diagnostics = Diagnostics()
    let file = try ProductFile(reading: sample.product, reportingTo: &diagnostics)
    let result = try sample.assess(samples: 4)
    let product = try Assessment(
      of: file, from: sample.product, documents: sample.documents
    ).productGraph(measured: [])
    #expect(!result.decisions.whatIfs.isEmpty)
    var changes = 0
    for answer in result.decisions.whatIfs {
      let enable = answer.enabled.compactMap(result.graph.step(named:))
      let disable = answer.disabled.compactMap(result.graph.step(named:))
      var changed = result.graph
      for step in enable { changed.assume(step, probability: 0) }
      for step in disable { changed.assume(step, probability: 1) }
      for (goal, place) in zip(answer.goals, product.goals) {
        #expect(goal.id == place.consequence.id)
        for (state, graph) in [(goal.before, result.graph), (goal.after, changed)] {
          let best = [[], Fronts.network, .sensor, .both].compactMap { fronts in
            graph.bestPaths(
              to: place.step, from: product.entries, needing: fronts, limit: 1,
              expansionLimit: 5_000
            ).paths.first?.probability
          }
          #expect(state.probability == best.max() ?? 0, "\(answer.id), \(goal.id)")
        }
        if goal.before != goal.after { changes += 1 }
      }
      let alone = WhatIfQuestion(id: "alone", description: "", enable: enable, disable: disable)
        .answer(
          graph: result.graph, entries: product.entries,
          goals: product.goals.map { ($0.consequence.id, $0.step) }, expansionLimit: 5_000)
      #expect(alone.goals.map(\.before) == answer.goals.map(\.before))
      #expect(alone.goals.map(\.after) == answer.goals.map(\.after))
      #expect(alone.lost == answer.lost && alone.gained == answer.gained)
    }
    #expect(changes > 0, "some answer makes a difference")
  }
}
