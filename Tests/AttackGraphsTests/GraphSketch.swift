import AttackGraphs
import EngineSupport
import ThreatLanguage

/// An attack graph drawn by hand: steps of one asset with their parents, for tests of what is computed on it.
struct GraphSketch {
  var types: [StepType] = []
  var priors: [Double] = []
  var failed: [Int] = []
  var measurements: [Int: Measurement] = [:]
  var parents: [[Int]] = []

  mutating func add(
    _ kind: StepType.Kind, _ prior: Double, measured: Double? = nil, viable: Bool = true,
    after parents: [Int] = []
  ) -> Int {
    let step = types.count
    types.append(
      StepType(
        name: "s\(step)", kind: kind, tags: [], ttc: nil, meta: [], requires: [], leadsTo: [],
        declaredIn: "Thing", location: SourceLocation(document: "test.mal"), source: ""))
    priors.append(prior)
    if !viable { failed.append(step) }
    measurements[step] = measured.map {
      Measurement(asset: "a", step: "s\(step)", rate: $0, lower: $0, upper: $0, testRun: "t")
    }
    self.parents.append(parents)
    return step
  }

  var graph: AttackGraph {
    let thing = AssetType(
      name: "Thing", category: "C", superType: nil, isAbstract: false, meta: [], steps: types,
      variables: [:], location: SourceLocation(document: "test.mal"))
    let language = CompiledLanguage(
      name: "t", version: "1", assetTypes: [thing], associations: [])
    var nodes = AttackGraph.Nodes()
    nodes.assetTypes = [0]
    nodes.firstSteps = [0, Int32(types.count)]
    nodes.owners = types.map { _ in 0 }
    nodes.failedChecks = StepSet(capacity: types.count)
    for step in failed { nodes.failedChecks.insert(step) }
    var edges = AttackGraph.Edges()
    edges.rules = [SourceLocation(document: "test.mal")]
    for step in types.indices {
      let children = parents.indices.filter { parents[$0].contains(step) }.map { Int32($0) }
      edges.children += children
      edges.childRules += children.map { _ in 0 }
      edges.offsets.append(Int32(edges.children.count))
    }
    var graph = AttackGraph(
      language: language,
      instance: InstanceModel(
        assets: [InstanceModel.Asset(name: "a", type: "Thing")], links: []),
      stepTypes: StepTypeTable(language, priors: priors), nodes: nodes, edges: edges)
    graph.measurements = measurements
    return graph
  }
}
