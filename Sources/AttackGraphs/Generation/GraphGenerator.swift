import EngineSupport
import ThreatLanguage

/// Lays out steps and edges of one graph.
struct GraphGenerator {
  /// Bounds on what one model may ask for; a plant of a million assets has about 36 million steps.
  private static let stepLimit = 100_000_000
  private static let edgeLimit = 200_000_000

  private let language: CompiledLanguage
  private let instance: InstanceModel
  private let index: LanguageIndex
  /// Position of each asset's type in the language, −1 for assets to leave out.
  private let types: [Int]

  private(set) var steps: [AttackGraph.Step] = []
  private(set) var parentOffsets: [Int32] = [0]
  private(set) var parents: [Int32] = []
  private(set) var parentRules: [SourceLocation] = []

  /// Where the steps of each asset begin in `steps`.
  private var firstSteps: [Int32] = []
  private var edges: [Edge] = []

  private struct Edge {
    var child: Int32
    var parent: Int32
    var rule: Int32
  }

  init(_ language: CompiledLanguage, _ instance: InstanceModel) {
    self.language = language
    self.instance = instance
    let index = LanguageIndex(language)
    self.index = index
    types = instance.assets.map { asset in
      guard let type = index.types[asset.type], !language.assetTypes[type].isAbstract else {
        return -1
      }
      return type
    }
  }

  mutating func run(horizon: Double, reportingTo diagnostics: inout Diagnostics) {
    var isUsed = Array(repeating: false, count: language.assetTypes.count)
    var count = 0
    for type in types where type >= 0 {
      isUsed[type] = true
      count += language.assetTypes[type].steps.count
    }
    guard count <= Self.stepLimit else {
      diagnostics.report(
        Diagnostic("graph.too-large", "the graph would have \(count) steps, over \(Self.stepLimit)")
      )
      return
    }
    let fields = FieldIndex(instance, types: types, index: index, language: language)
    var planner = WalkPlanner(index: index, fields: fields.fieldIDs)
    let plan = GraphPlan(language, planner: &planner, isUsed: isUsed)
    var evaluator = WalkEvaluator(
      fields: fields, types: types, index: index, variables: plan.variables)
    let priors = StepPriors(language, isUsed: isUsed, horizon: horizon, reportingTo: &diagnostics)
    appendSteps(count, plan, priors, &evaluator)
    findEdges(plan, &evaluator, &diagnostics)
    if evaluator.isCut {
      diagnostics.report(
        Diagnostic(
          "graph.expression.too-deep",
          "step expressions of `\(language.name)` are nested too deeply to be followed"))
    }
    sortEdges(plan)
  }

  private mutating func appendSteps(
    _ count: Int, _ plan: GraphPlan, _ priors: StepPriors, _ evaluator: inout WalkEvaluator
  ) {
    steps.reserveCapacity(count)
    firstSteps.reserveCapacity(types.count)
    for (asset, type) in types.enumerated() {
      firstSteps.append(Int32(steps.count))
      guard type >= 0 else { continue }
      let requirements = plan.types[type].requirements
      for (position, step) in language.assetTypes[type].steps.enumerated() {
        var isViable = true
        if let walks = requirements[position] {
          let exists = walks.contains {
            !evaluator.targets(of: plan.types[type].walks[$0], from: [Int32(asset)]).isEmpty
          }
          isViable = exists == (step.kind == .exist)
        }
        var prior = priors[type, position]
        if step.kind == .defense, let value = instance.assets[asset].defenses[step.name],
          (0...1).contains(value)
        {
          prior = 1 - value
        }
        steps.append(
          AttackGraph.Step(
            asset: asset, type: step, prior: prior, measured: nil, isViable: isViable))
      }
    }
  }

  private mutating func findEdges(
    _ plan: GraphPlan, _ evaluator: inout WalkEvaluator, _ diagnostics: inout Diagnostics
  ) {
    var missing: Set<Int32> = []
    for (asset, type) in types.enumerated() where type >= 0 {
      let typePlan = plan.types[type]
      var found: [[Int32]?] = Array(repeating: nil, count: typePlan.walks.count)
      for lead in typePlan.leads {
        let targets =
          found[lead.walk]
          ?? evaluator.targets(of: typePlan.walks[lead.walk], from: [Int32(asset)])
        found[lead.walk] = targets
        guard edges.count + targets.count <= Self.edgeLimit else {
          diagnostics.report(
            Diagnostic("graph.too-large", "the graph would have over \(Self.edgeLimit) edges"))
          edges = []
          return
        }
        for target in targets {
          guard let step = plan.stepPositions[types[Int(target)]][lead.targetName] else {
            if missing.insert(lead.rule).inserted {
              diagnostics.report(missingStep(lead, asset, target, at: plan.rules[Int(lead.rule)]))
            }
            continue
          }
          edges.append(
            Edge(
              child: firstSteps[Int(target)] + step, parent: firstSteps[asset] + lead.step,
              rule: lead.rule))
        }
      }
    }
  }

  private func missingStep(
    _ lead: GraphPlan.LeadPlan, _ asset: Int, _ target: Int32, at rule: SourceLocation
  ) -> Diagnostic {
    let reached = instance.assets[Int(target)]
    return Diagnostic(
      "graph.step.missing",
      "from “\(instance.assets[asset].name)” this comes to “\(reached.name)”, a `\(reached.type)`, "
        + "which has no step `\(lead.targetName)`", at: rule,
      hint: "`*` also keeps the asset that it starts at; narrow the walk with `[Type]`")
  }

  /// Counting sort by child. It is stable and edges are found in parent order, so parents end up ascending;
  /// of several leads that make one edge the first is kept.
  private mutating func sortEdges(_ plan: GraphPlan) {
    var next = Array(repeating: 0, count: steps.count + 1)
    for edge in edges { next[Int(edge.child) + 1] += 1 }
    for step in steps.indices { next[step + 1] += next[step] }
    var order = Array(repeating: Int32(0), count: edges.count)
    for (position, edge) in edges.enumerated() {
      order[next[Int(edge.child)]] = Int32(position)
      next[Int(edge.child)] += 1
    }
    parentOffsets.reserveCapacity(steps.count + 1)
    parents.reserveCapacity(edges.count)
    parentRules.reserveCapacity(edges.count)
    var position = 0
    for step in steps.indices {
      let start = parents.count
      while position < next[step] {
        let edge = edges[Int(order[position])]
        position += 1
        if parents.count > start, parents[parents.count - 1] == edge.parent { continue }
        parents.append(edge.parent)
        parentRules.append(plan.rules[Int(edge.rule)])
      }
      parentOffsets.append(Int32(parents.count))
    }
    edges = []
  }
}
