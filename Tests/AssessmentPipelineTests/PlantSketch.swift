import AttackGraphs
import EngineSupport
import Testing
import ThreatKnowledge
import ThreatLanguage

/// A small plant in the industrial language, written as lines of text:
///
/// - `Name Type`
/// - `Sender FlowType > Receiver`; the flow is called `Sender-FlowType-Receiver`
/// - `Left Association Right`, with names of assets that stand above
/// - `zone Name Member…`
struct PlantSketch {
  private(set) var model = InstanceModel(assets: [], links: [])
  private var places: [String: Int] = [:]

  static let language: CompiledLanguage? = {
    var diagnostics = Diagnostics()
    return CompiledLanguage(sources: IndustrialLanguage.sources, reportingTo: &diagnostics)
  }()

  init(_ text: String) throws {
    for line in text.split(separator: "\n") {
      let words = line.split(separator: " ").map(String.init)
      switch words.count {
      case 0: continue
      case _ where words[0] == "zone":
        add(words[1], "Zone")
        for member in words.dropFirst(2) { try link(words[1], "Contains", member) }
      case 2: add(words[0], words[1])
      case 3: try link(words[0], words[1], words[2])
      case 4 where words[2] == ">":
        let flow = "\(words[0])-\(words[1])-\(words[3])"
        add(flow, words[1])
        try link(words[0], "Sends", flow)
        try link(words[3], "Receives", flow)
      default: Issue.record("\(line)")
      }
    }
    // Nothing is in place unless a test says so.
    let language = try #require(Self.language)
    for place in model.assets.indices {
      let type = try #require(
        language.assetType(named: model.assets[place].type), "\(model.assets[place].type)")
      for step in type.steps where step.kind == .defense {
        let isByConstruction = step.ttc == .distribution("Enabled", [])
        model.assets[place].defenses[step.name] = isByConstruction ? 1 : 0
      }
    }
  }

  private mutating func add(_ name: String, _ type: String) {
    places[name] = model.assets.count
    model.assets.append(InstanceModel.Asset(name: name, type: type))
  }

  private mutating func link(_ left: String, _ association: String, _ right: String) throws {
    model.links.append(
      InstanceModel.Link(
        association: association, left: try #require(places[left], "\(left)"),
        right: try #require(places[right], "\(right)")))
  }

  /// Switches `Asset:defence` on for certain.
  mutating func enable(_ name: String) throws {
    let words = name.split(separator: ":").map(String.init)
    let place = try #require(places[words[0]])
    try #require(model.assets[place].defenses[words[1]] != nil, "\(name)")
    model.assets[place].defenses[words[1]] = 1
  }

  func graph() throws -> AttackGraph {
    var diagnostics = Diagnostics()
    let graph = AttackGraph(
      try #require(Self.language), over: model, measured: [], horizon: 30,
      reportingTo: &diagnostics)
    #expect(diagnostics.all.isEmpty, "\(diagnostics.all)")
    return graph
  }

  /// What reaches `goal` from steps named `Asset:step`, each on the front that its tags say.
  func reach(_ goal: String, from entries: [String]) throws -> FrontReachability {
    let graph = try graph()
    var stands: [AttackGraph.StepID: Fronts] = [:]
    for entry in entries {
      let step = try #require(graph.step(named: entry), "\(entry)")
      let tags = graph.type(of: step).tags
      #expect(tags.contains("entry"), "\(entry)")
      stands[step] = tags.contains("sensor") ? .sensor : .network
    }
    return graph.reachability(
      of: try #require(graph.step(named: goal), "\(goal)"), from: stands)
  }
}
