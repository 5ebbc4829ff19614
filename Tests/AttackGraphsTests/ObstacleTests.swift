import AttackGraphs
import EngineSupport
import Testing
import ThreatLanguage

/// Why-not: each kind of obstacle, and that removing what is named opens the way.
@Suite struct ObstacleTests {
  private static let language = """
    #id: "t"
    #version: "1.0.0"
    category C {
      asset Host {
        | enter -> login, disks.read
        & login -> use
        # lock [Enabled] -> login
        | use
        E backed <- disks -> restore
        & restore
        | lost -> found
        | found -> lost
      }
      asset Disk { | read }
    }
    associations { Host [hosts] * <-- Has --> * [disks] Disk }
    """

  private func graph(linked: Bool) throws -> AttackGraph {
    var diagnostics = Diagnostics()
    let model = InstanceModel(
      assets: [
        InstanceModel.Asset(name: "h", type: "Host"), InstanceModel.Asset(name: "d", type: "Disk"),
      ],
      links: linked ? [InstanceModel.Link(association: "Has", left: 0, right: 1)] : [])
    let graph = AttackGraph(
      try GraphGenerationTests.compile(Self.language), over: model, measured: [], horizon: 1,
      reportingTo: &diagnostics)
    #expect(diagnostics.all.isEmpty, "\(diagnostics.all)")
    return graph
  }

  private func step(_ name: String, _ graph: AttackGraph) throws -> Int {
    try #require(graph.step(named: name))
  }

  @Test func aDefenceInPlaceIsNamedWithTheWayFromIt() throws {
    let graph = try graph(linked: true)
    var reach = AttackReach(graph, from: [try step("h:enter", graph)])
    let use = try step("h:use", graph)
    let obstacles = reach.obstacles(to: use)
    let obstacle = try #require(obstacles.first)
    #expect(obstacles.count == 1)
    guard case .defense = obstacle.cause else {
      Issue.record("\(obstacle.cause)")
      return
    }
    #expect(obstacle.way.map(graph.name(of:)) == ["h:lock", "h:login", "h:use"])
    #expect(reach.switchOn(obstacle.step).map(graph.name(of:)) == ["h:login", "h:lock", "h:use"])
    #expect(reach.obstacles(to: use).isEmpty)
  }

  @Test func aMissingLinkIsNamedByTheRuleThatAsksForIt() throws {
    let graph = try graph(linked: false)
    let reach = AttackReach(graph, from: [try step("h:enter", graph)])
    let obstacles = reach.obstacles(to: try step("d:read", graph))
    guard case .noWayIn(let leads)? = obstacles.first?.cause else {
      Issue.record("\(obstacles)")
      return
    }
    #expect(
      leads.map { "\($0.ownerType).\($0.step) -> \($0.walk)" } == ["Host.enter -> disks.read"])
    #expect(leads.map(\.rule.line) == [5] && leads.map(\.candidates) == [1])

    let check = reach.obstacles(to: try step("h:restore", graph))
    guard case .check(let expressions)? = check.first?.cause else {
      Issue.record("\(check)")
      return
    }
    #expect(expressions.map(\.text) == ["disks"])
  }

  @Test func stepsThatHoldOneAnotherUpAreACircle() throws {
    let graph = try graph(linked: true)
    let reach = AttackReach(graph, from: [try step("h:enter", graph)])
    guard case .circle? = reach.obstacles(to: try step("h:found", graph)).first?.cause else {
      Issue.record("not a circle")
      return
    }
  }
}
