import AttackGraphs
import EngineSupport
import Testing
import ThreatLanguage

@Suite("A language over a model becomes a graph")
struct GraphGenerationTests {
  static let language = """
    #id: "t" #version: "1.0.0"
    category C {
      asset Host {
        | enter [Exponential(0.1)]
          -> use, net.hear,
             use
        & use
        # patched [Bernoulli(0.3)] -> use
        # free -> use
        E lonely <- net -> use
        !E offline <- net -> use
      }
      asset Net { | hear -> hosts.enter }
    }
    associations { Host [hosts] 1..* <-- On --> 0..1 [net] Net }
    """

  static func compile(_ text: String) throws -> CompiledLanguage {
    var diagnostics = Diagnostics()
    let document = InputDocument(name: "t.mal", bytes: Array(text.utf8))
    let language = CompiledLanguage(sources: [document], reportingTo: &diagnostics)
    return try #require(language, "\(diagnostics.all)\n\(text)")
  }

  static let model = InstanceModel(
    assets: [
      InstanceModel.Asset(name: "h:1", type: "Host", defenses: ["free": 0.75]),
      InstanceModel.Asset(name: "n", type: "Net"), InstanceModel.Asset(name: "h2", type: "Host"),
    ], links: [InstanceModel.Link(association: "On", left: 0, right: 1)])

  static func edges(_ graph: AttackGraph) -> Set<String> {
    Set(
      graph.steps.indices.flatMap { child in
        graph.parents(of: child).map { "\(graph.name(of: Int($0)))>\(graph.name(of: child))" }
      })
  }

  @Test func stepsEdgesRulesAndPriors() throws {
    var diagnostics = Diagnostics()
    let graph = AttackGraph(
      try Self.compile(Self.language), over: Self.model, measured: [], horizon: 10,
      reportingTo: &diagnostics)
    #expect(diagnostics.all.isEmpty, "\(diagnostics.all)")
    #expect(
      graph.steps.indices.map(graph.name(of:)) == [
        "h:1:enter", "h:1:use", "h:1:patched", "h:1:free", "h:1:lonely", "h:1:offline", "n:hear",
        "h2:enter", "h2:use", "h2:patched", "h2:free", "h2:lonely", "h2:offline",
      ])
    let use = try #require(graph.step(named: "h:1:use"))
    #expect(Array(graph.parents(of: use)) == [0, 2, 3, 4, 5])
    #expect(
      graph.parents(of: use).map { graph.rule(from: Int($0), to: use)?.line } == [5, 8, 9, 10, 11])
    #expect(Array(graph.parents(of: 6)) == [0])
    #expect(graph.rule(from: 0, to: 6)?.line == 5)
    #expect(Array(graph.children(of: 6)) == [0])
    #expect(Array(graph.children(of: 0)) == [1, 6])
    #expect(abs(graph.steps[0].prior - 0.6321205588285577) < 1e-15)
    #expect(graph.steps[1].prior == 1)
    #expect(abs(graph.steps[2].prior - 0.7) < 1e-15, "a defence's prior is that it is absent")
    #expect(graph.steps[3].prior == 0.25, "the model's value counts")
    #expect(graph.steps[10].prior == 1, "a defence without any value is absent")
    #expect([4, 5, 11, 12].map { graph.steps[$0].isViable } == [true, false, false, true])
    #expect(graph.step(named: "h:1:nothing") == nil)
    #expect(graph.step(named: "enter") == nil)
  }

  @Test func measurementsReplacePriorsOrAreReported() throws {
    func measured(_ asset: String, _ step: String, _ rate: Double) -> Measurement {
      Measurement(asset: asset, step: step, rate: rate, lower: 0, upper: 1, testRun: "run")
    }
    var diagnostics = Diagnostics()
    let graph = AttackGraph(
      try Self.compile(Self.language), over: Self.model,
      measured: [
        measured("h2", "enter", 0.5), measured("h2", "enter", 0.6), measured("h3", "enter", 0.5),
        measured("n", "enter", 0.5), measured("n", "hear", .nan),
      ], horizon: 10, reportingTo: &diagnostics)
    #expect(
      diagnostics.all.map(\.code) == [
        "graph.measurement.duplicate", "graph.measurement.unknown", "graph.measurement.unknown",
        "graph.measurement.invalid",
      ])
    #expect(graph.steps[7].probability == 0.5)
    #expect(graph.steps[0].measured == nil)
  }

  @Test func wrongModelsAreReportedAndTheRestIsGenerated() throws {
    var diagnostics = Diagnostics()
    var model = Self.model
    model.assets.append(InstanceModel.Asset(name: "h2", type: "Hosst"))
    model.assets[2].defenses = ["patchd": 1, "free": 2]
    model.links += [
      InstanceModel.Link(association: "On", left: 1, right: 0),
      InstanceModel.Link(association: "Off", left: 0, right: 1),
      InstanceModel.Link(association: "On", left: 0, right: 99),
      InstanceModel.Link(association: "On", left: 3, right: 1),
    ]
    let graph = AttackGraph(
      try Self.compile(Self.language), over: model, measured: [], horizon: -1,
      reportingTo: &diagnostics)
    #expect(
      diagnostics.all.map(\.code) == [
        "graph.horizon.invalid", "model.defense.range", "model.defense.unknown",
        "model.asset.duplicate", "model.type.unknown", "model.link.end", "model.link.unknown",
        "model.link.end",
      ])
    #expect(diagnostics.all.compactMap(\.hint).contains("left and right are exchanged"))
    #expect(diagnostics.all.compactMap(\.hint).contains("did you mean `Host`?"))
    #expect(graph.steps.count == 13)
  }

  @Test func multiplicitiesAreWarnings() throws {
    var diagnostics = Diagnostics()
    let assets = ["Host", "Net", "Net", "Net"].enumerated().map {
      InstanceModel.Asset(name: "a\($0.offset)", type: $0.element)
    }
    let links = [1, 2].map { InstanceModel.Link(association: "On_hosts_net", left: 0, right: $0) }
    InstanceModel(assets: assets, links: links).check(
      against: try Self.compile(Self.language), reportingTo: &diagnostics)
    #expect(diagnostics.all.map(\.code) == ["model.multiplicity", "model.multiplicity"])
    #expect(!diagnostics.hasErrors)
    #expect(diagnostics.all.map(\.message).contains { $0.contains("“a0” has 2 `net`") })
    #expect(diagnostics.all.map(\.message).contains { $0.contains("“a3” has 0 `hosts`") })
  }

  @Test func timesWithoutClosedFormAreReportedOnceWithTheirPlace() throws {
    let text = Self.language.replacing(
      "[Exponential(0.1)]", with: "[Gamma(2, 3) * Pareto(1, 1)]")
    var diagnostics = Diagnostics()
    let graph = AttackGraph(
      try Self.compile(text), over: Self.model, measured: [], horizon: 10,
      reportingTo: &diagnostics)
    #expect(diagnostics.all.map(\.code) == ["mal.ttc.unsupported"])
    #expect(diagnostics.all.first?.location?.line == 4)
    #expect(graph.steps[0].prior == 1)
  }

  @Test func theDeepestExpressionsThatCompileAreFollowed() throws {
    // Variables called at the far left of long paths: the deepest trees for the fewest characters.
    let path = String(repeating: ".y", count: 75)
    let text = """
      #id: "t" #version: "1.0.0"
      category C { asset A {
        let v0 = y
        let v1 = v2()\(path)
        let v2 = v0()\(path)
        | s -> v1().\(String(repeating: "(", count: 60))y\(String(repeating: ")", count: 60))\(path).s
      } }
      associations { A [x] * <-- L --> * [y] A }
      """
    var diagnostics = Diagnostics()
    let model = InstanceModel(
      assets: [InstanceModel.Asset(name: "a", type: "A")],
      links: [InstanceModel.Link(association: "L", left: 0, right: 0)])
    let graph = AttackGraph(
      try Self.compile(text), over: model, measured: [], horizon: 1, reportingTo: &diagnostics)
    #expect(diagnostics.all.isEmpty, "\(diagnostics.all)")
    #expect(graph.parents == [0])
  }

  /// Rows longer than what is searched entry by entry.
  @Test func longRowsNameEachChildOnce() throws {
    let text = """
      #id: "t"
      #version: "1.0.0"
      category C {
        asset Hub { | spread -> near.catch, far.catch, (near \\/ far).catch, near.drop }
        asset Leaf { | catch | drop }
      }
      associations {
        Hub [hubs] * <-- Near --> * [near] Leaf
        Hub [masters] * <-- Far --> * [far] Leaf
      }
      """
    let leaves = 100
    let model = InstanceModel(
      assets: [InstanceModel.Asset(name: "hub", type: "Hub")]
        + (0..<leaves).map { InstanceModel.Asset(name: "leaf \($0)", type: "Leaf") },
      links: (1...leaves).flatMap { leaf in
        [InstanceModel.Link(association: "Near", left: 0, right: leaf)]
          + (leaf % 2 == 0 ? [InstanceModel.Link(association: "Far", left: 0, right: leaf)] : [])
      })
    var diagnostics = Diagnostics()
    let graph = AttackGraph(
      try Self.compile(text), over: model, measured: [], horizon: 1, reportingTo: &diagnostics)
    #expect(diagnostics.all.isEmpty, "\(diagnostics.all)")
    #expect(graph.children(of: 0).count == 2 * leaves)
    #expect(Set(graph.children(of: 0)).count == 2 * leaves)
    #expect(graph.parents == Array(repeating: 0, count: 2 * leaves))
  }

  @Test func graphsEqualTheNaiveReference() throws {
    let base: UInt64 = 4_711
    var edgeCount = 0
    for round in 0..<400 {
      let seed = base + UInt64(round)
      var naive = NaiveLanguage(seed: seed)
      let language = try Self.compile(naive.text)
      for _ in 0..<2 {
        let (model, types) = naive.randomModel()
        let expected = naive.graph(model, types)
        var diagnostics = Diagnostics()
        let graph = AttackGraph(
          language, over: model, measured: [], horizon: 1, reportingTo: &diagnostics)
        let errors = diagnostics.all.filter {
          $0.severity == .error && $0.code != "graph.step.missing"
        }
        #expect(errors.isEmpty, "seed \(seed): \(errors)")
        let nodes = Set(
          graph.steps.indices.map { graph.name(of: $0) + (graph.steps[$0].isViable ? "+" : "-") })
        #expect(nodes == expected.nodes, "seed \(seed)\n\(naive.text)")
        let edges = Self.edges(graph)
        #expect(edges == expected.edges, "seed \(seed)\n\(naive.text)\n\(model)")
        #expect(edges.count == graph.parents.count, "seed \(seed): an edge stands twice")
        for step in graph.steps.indices {
          #expect(Array(graph.parents(of: step)) == graph.parents(of: step).sorted())
        }
        edgeCount += edges.count
      }
    }
    #expect(edgeCount > 5_000, "the random models are not trivial")
  }
}
