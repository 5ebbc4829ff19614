import EngineSupport
import ThreatLanguage

/// Lays out steps and edges of one graph: asset by asset, each row of children once and for good.
struct GraphGenerator {
  /// Bounds on what one model may ask for; a plant of a million assets has about 36 million steps.
  private static let stepLimit = 100_000_000
  private static let edgeLimit = 200_000_000

  private let language: CompiledLanguage
  private let instance: InstanceModel
  private let resolved: ResolvedInstance
  private let plan: GraphPlan
  private var evaluator: WalkEvaluator

  private(set) var nodes = AttackGraph.Nodes()
  private(set) var edges = AttackGraph.Edges()

  /// For each walk of the asset at hand, where its targets lie in the evaluator's buffer, and for which
  /// asset that is.
  private var found: [(asset: Int, targets: Range<Int>)] = []
  private var missing: Set<Int32> = []
  /// For each step, one more than the last parent in whose long row it was seen; empty until needed.
  private var rowMarks: [Int32] = []
  private static let shortRow = 32

  init(
    _ language: CompiledLanguage, _ instance: InstanceModel, _ resolved: ResolvedInstance,
    _ index: LanguageIndex, isUsed: [Bool]
  ) {
    self.language = language
    self.instance = instance
    self.resolved = resolved
    let fields = FieldIndex(instance, resolved, language: language)
    plan = GraphPlan(language, index: index, fields: fields.fieldIDs, isUsed: isUsed)
    evaluator = WalkEvaluator(
      program: plan.program, fields: fields, types: resolved.types, index: index)
    edges.rules = plan.rules
    let walks = plan.types.map(\.walks.count).max() ?? 0
    found = Array(repeating: (-1, 0..<0), count: walks)
  }

  mutating func run(_ table: StepTypeTable, reportingTo diagnostics: inout Diagnostics) {
    nodes.assetTypes = resolved.types
    guard appendSteps(table, &diagnostics) else { return }
    checkExistence()
    findEdges(&diagnostics)
    if evaluator.isCut {
      diagnostics.report(
        Diagnostic(
          "graph.expression.too-deep",
          "step expressions of `\(language.name)` are nested too deeply to be followed"))
    }
  }

  private mutating func appendSteps(
    _ table: StepTypeTable, _ diagnostics: inout Diagnostics
  ) -> Bool {
    nodes.firstSteps.reserveCapacity(resolved.types.count + 1)
    var count = 0
    for type in resolved.types {
      if type >= 0 { count += Int(table.offsets[Int(type) + 1] - table.offsets[Int(type)]) }
      guard count <= Self.stepLimit else {
        diagnostics.report(
          Diagnostic("graph.too-large", "the graph would have more than \(Self.stepLimit) steps"))
        nodes.firstSteps = Array(repeating: 0, count: resolved.types.count + 1)
        return false
      }
      nodes.firstSteps.append(Int32(count))
    }
    nodes.owners.reserveCapacity(count)
    for asset in resolved.types.indices {
      let steps = nodes.firstSteps[asset + 1] - nodes.firstSteps[asset]
      for _ in 0..<steps { nodes.owners.append(Int32(asset)) }
    }
    for (asset, type) in resolved.types.enumerated()
    where type >= 0 && !instance.assets[asset].defenses.isEmpty {
      let defenses = instance.assets[asset].defenses
      for (position, step) in language.assetTypes[Int(type)].steps.enumerated()
      where step.kind == .defense {
        guard let value = defenses[step.name], (0...1).contains(value) else { continue }
        nodes.modelPriors[nodes.firstSteps[asset] + Int32(position)] = 1 - value
      }
    }
    return true
  }

  private mutating func checkExistence() {
    nodes.failedChecks = StepSet(capacity: nodes.owners.count)
    for (asset, type) in resolved.types.enumerated() where type >= 0 {
      for check in plan.types[Int(type)].checks {
        var exists = false
        for walk in check.walks {
          evaluator.clear()
          if !evaluator.push(walk, from: Int32(asset)).isEmpty {
            exists = true
            break
          }
        }
        if exists != check.wantsExistence {
          nodes.failedChecks.insert(Int(nodes.firstSteps[asset]) + check.step)
        }
      }
    }
    evaluator.clear()
  }

  private mutating func findEdges(_ diagnostics: inout Diagnostics) {
    edges.offsets.reserveCapacity(nodes.owners.count + 1)
    // Large models are much alike from end to end: a sixteenth of one tells how many edges there will be, so that
    // the rows are laid down once.
    let sample = resolved.types.count / 16
    for (asset, type) in resolved.types.enumerated() where type >= 0 {
      if asset == sample {
        let expected = min(Self.edgeLimit, edges.children.count * 17)
        edges.children.reserveCapacity(expected)
        edges.childRules.reserveCapacity(expected)
      }
      evaluator.clear()
      appendRows(of: asset, plan.types[Int(type)], &diagnostics)
      guard edges.children.count <= Self.edgeLimit else {
        diagnostics.report(
          Diagnostic("graph.too-large", "the graph would have over \(Self.edgeLimit) edges"))
        edges = AttackGraph.Edges()
        edges.rules = plan.rules
        edges.offsets = Array(repeating: 0, count: nodes.owners.count + 1)
        return
      }
    }
  }

  private mutating func appendRows(
    of asset: Int, _ type: GraphPlan.TypePlan, _ diagnostics: inout Diagnostics
  ) {
    for step in 0..<(type.leadOffsets.count - 1) {
      let start = edges.children.count
      for place in type.leadOffsets[step]..<type.leadOffsets[step + 1] {
        let lead = type.leads[place]
        let targets: Range<Int>
        if found[lead.walk].asset == asset {
          targets = found[lead.walk].targets
        } else {
          targets = evaluator.push(type.walks[lead.walk], from: Int32(asset))
          found[lead.walk] = (asset, targets)
        }
        if lead.mayRepeat { markRow(from: start) }
        for place in targets {
          let target = Int(evaluator.buffer[place])
          let position = plan.position(of: lead.target, in: resolved.types[target])
          guard position >= 0 else {
            if missing.insert(lead.rule).inserted {
              diagnostics.report(missingStep(lead, asset, target))
            }
            continue
          }
          let child = nodes.firstSteps[target] + position
          if lead.mayRepeat, isRepeated(child, inRowFrom: start) { continue }
          edges.children.append(child)
          edges.childRules.append(lead.rule)
        }
      }
      edges.offsets.append(Int32(edges.children.count))
    }
  }

  /// Long rows are looked up by marks, so that hubs cost their length and not its square.
  private mutating func markRow(from start: Int) {
    guard edges.children.count - start > Self.shortRow else { return }
    if rowMarks.isEmpty { rowMarks = Array(repeating: -1, count: nodes.owners.count) }
    for place in start..<edges.children.count {
      rowMarks[Int(edges.children[place])] = Int32(edges.offsets.count)
    }
  }

  private func isRepeated(_ child: Int32, inRowFrom start: Int) -> Bool {
    if !rowMarks.isEmpty, rowMarks[Int(child)] == Int32(edges.offsets.count) { return true }
    let end = min(edges.children.count, start + Self.shortRow)
    for place in start..<end where edges.children[place] == child { return true }
    return false
  }

  private func missingStep(_ lead: GraphPlan.LeadPlan, _ asset: Int, _ target: Int) -> Diagnostic {
    let reached = instance.assets[target]
    return Diagnostic(
      "graph.step.missing",
      "from “\(instance.assets[asset].name)” this comes to “\(reached.name)”, a `\(reached.type)`, "
        + "which has no step `\(plan.targetNames[lead.target])`", at: plan.rules[Int(lead.rule)],
      hint: "`*` also keeps the asset that it starts at; narrow the walk with `[Type]`")
  }
}
