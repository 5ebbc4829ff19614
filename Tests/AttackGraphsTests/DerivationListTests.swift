import AttackGraphs
import EngineSupport
import Testing
import ThreatLanguage

/// The best ways of an attack graph by each cost: what orders the list, and what the numbers are.
@Suite struct DerivationListTests {
  /// A fast, unlikely way in and a slow, likely one; both ends of the goal may rest on the same slow step.
  private static let language = """
    #id: "t" #version: "1.0.0"
    category C {
      asset Host {
        | enter -> guess, dig
        | guess [Bernoulli(0.2) * Exponential(1.0)]
            attackPotential info: "time <=1 day, expertise expert, knowledge public, window easy, equipment standard"
          -> inside
        | dig [Exponential(0.1)]
            attackPotential info: "time <=1 day, expertise layman, knowledge public, window easy, equipment standard"
          -> inside
        | inside [Exponential(0.5)] -> left, right
        | left -> take
        | right -> take
        & take
      }
    }
    associations { }
    """

  private static func graph(_ text: String = language) throws -> AttackGraph {
    var diagnostics = Diagnostics()
    let graph = AttackGraph(
      try GraphGenerationTests.compile(text),
      over: InstanceModel(assets: [.init(name: "h", type: "Host")], links: []), measured: [],
      horizon: 30, reportingTo: &diagnostics)
    #expect(!diagnostics.hasErrors, "\(diagnostics.all)")
    return graph
  }

  private func list(
    _ graph: AttackGraph, _ cost: StepCost, by measure: DerivationCosts.Measure,
    proving: Int = 0
  ) throws -> (list: DerivationList, ways: [String]) {
    let goal = try #require(graph.step(named: "h:take"))
    let enter = try #require(graph.step(named: "h:enter"))
    let list = try graph.derivations(
      of: goal, from: [enter: .network], at: .needing(.network), cost: cost, by: measure,
      minimumExpansions: proving)
    return (
      list,
      list.entries.map { entry in
        entry.steps.map { graph.type(of: $0).name }.contains("guess") ? "guess" : "dig"
      }
    )
  }

  @Test func eachCostHasItsOwnOrder() throws {
    let graph = try Self.graph()
    let likely = try list(graph, .negativeLogProbability, by: .setCost)
    #expect(likely.ways == ["dig", "guess"] && likely.list.statement.isComplete)
    let quick = try list(graph, .expectedEffort, by: .setCost)
    #expect(quick.ways == ["guess", "dig"])
    #expect(quick.list.entries.map(\.costs.setCost) == [3, 12], "1 + 2 and 10 + 2 days")
    #expect(
      quick.list.entries.map(\.costs.treeCost) == [6, 24], "twice: left and right rest on it")
    #expect(quick.list.entries.map(\.costs.provenMinimum) == [3, 3])
    let easy = try list(graph, .attackPotentialPoints, by: .setCost)
    #expect(easy.ways == ["dig", "guess"])
    let rated = try ["guess", "dig"].map { name in
      let step = try #require(graph.step(named: "h:\(name)"))
      return Double(try #require(try graph.type(of: step).attackPotential()).points)
    }
    #expect(easy.list.entries.map(\.costs.setCost) == rated.sorted())
    #expect(
      easy.list.unrated == ["Host.enter", "Host.inside", "Host.left", "Host.right", "Host.take"])
  }

  @Test func aListByTreeCostLeavesTheMinimumOpenUnlessAsked() throws {
    let graph = try Self.graph()
    let open = try list(graph, .expectedEffort, by: .treeCost).list
    #expect(open.entries.map(\.costs.listedBy) == [.treeCost, .treeCost])
    #expect(open.entries.map(\.costs.treeCost) == [6, 24], "a step has one cause in a way")
    #expect(open.entries.allSatisfy { $0.costs.provenMinimum == nil })
    let proven = try list(graph, .expectedEffort, by: .treeCost, proving: 1_000).list
    #expect(proven.entries.allSatisfy { $0.costs.provenMinimum == 3 })
  }

  @Test func probabilitiesAreToldWhateverTheCost() throws {
    let graph = try Self.graph()
    let byEffort = try list(graph, .expectedEffort, by: .setCost).list
    let byProbability = try list(graph, .negativeLogProbability, by: .setCost).list
    let told = byEffort.entries.map(\.probability)
    #expect(told == byProbability.entries.map(\.probability).reversed())
    #expect(told.allSatisfy { $0 > 0 && $0 < 1 })
    let goal = try #require(graph.step(named: "h:take"))
    let enter = try #require(graph.step(named: "h:enter"))
    let best = graph.bestPaths(to: goal, from: [enter: .network], needing: .network)
    #expect(best.paths.map(\.costs.setCost) == byProbability.entries.map(\.costs.setCost))
  }

  @Test func measuredStepsTakeNoTime() throws {
    var graph = try Self.graph()
    let dig = try #require(graph.step(named: "h:dig"))
    graph.assume(dig, probability: 0.5)
    let quick = try list(graph, .expectedEffort, by: .setCost)
    #expect(quick.ways == ["dig", "guess"])
    #expect(quick.list.entries.map(\.costs.setCost) == [2, 3])
  }

  @Test func infiniteMeansCannotBePaid() throws {
    let text = Self.language.replacingOccurrences("[Exponential(0.1)]", "[Pareto(1.0, 1.0)]")
    let quick = try list(try Self.graph(text), .expectedEffort, by: .setCost)
    #expect(quick.ways == ["guess"] && quick.list.statement.isComplete)
  }

  @Test func badAttackPotentialIsLocated() throws {
    let text = Self.language.replacingOccurrences("expertise expert", "expertise great")
    let graph = try Self.graph(text)
    #expect(throws: Diagnostic.self) {
      try list(graph, .attackPotentialPoints, by: .setCost)
    }
  }
}

extension String {
  fileprivate func replacingOccurrences(_ old: String, _ new: String) -> String {
    split(separator: old, omittingEmptySubsequences: false).joined(separator: new)
  }
}
