import EngineSupport
import ThreatLanguage

/// Why a step is not reached.
extension AttackReach {
  /// All reasons, nearest first; none if the step is reached. Only steps that are not reached are looked at:
  /// from an AND step back to the parents it lacks, from an OR step back to all. Linear in those.
  public func obstacles(to target: AttackGraph.StepID) -> [Obstacle] {
    guard !isReached(target) else { return [] }
    var next: [Int: Int] = [target: -1]
    var queue = [target]
    var found: [Obstacle] = []
    var position = 0
    let leads = LeadIndex(graph)
    while position < queue.count {
      let step = queue[position]
      position += 1
      if let cause = ownCause(of: step, leads) {
        found.append(Obstacle(cause: cause, step: step, way: way(from: step, next)))
        continue
      }
      for parent in graph.parents(of: step).map({ Int($0) })
      where !isReached(parent) && next[parent] == nil {
        next[parent] = step
        queue.append(parent)
      }
    }
    if found.isEmpty { found.append(Obstacle(cause: .circle, step: target, way: [target])) }
    return found
  }

  private func way(from step: Int, _ next: [Int: Int]) -> [Int] {
    var way = [step]
    while let last = way.last, let follower = next[last], follower >= 0 { way.append(follower) }
    return way
  }

  private func ownCause(of step: Int, _ leads: LeadIndex) -> Obstacle.Cause? {
    switch graph.kind(of: step) {
    case .defense: return .defense
    case .exist, .notExist: return .check(graph.type(of: step).requires)
    case .or, .and:
      if isOff(step) { return .impossible }
      return graph.parents(of: step).isEmpty ? .noWayIn(leads.missing(at: step)) : nil
    }
  }
}

/// The leads of a language by the name of the step they end at.
private struct LeadIndex {
  private struct Lead {
    var owner: Int
    var step: StepType
    var expression: StepExpression
    var rule: SourceLocation
  }

  private let graph: AttackGraph
  private let index: LanguageIndex
  private let ends: ExpressionEnds
  private var byTarget: [String: [Lead]] = [:]
  private var population: [Int]

  init(_ graph: AttackGraph) {
    self.graph = graph
    index = LanguageIndex(graph.language)
    ends = ExpressionEnds(graph.language, index)
    population = Array(repeating: 0, count: graph.language.assetTypes.count)
    for type in graph.assetTypes where type >= 0 {
      for ancestor in index.ancestry(of: Int(type)) { population[ancestor] += 1 }
    }
    for (owner, type) in graph.language.assetTypes.enumerated() {
      for step in type.steps where step.declaredIn == type.name {
        for lead in step.leadsTo {
          guard let target = lead.expression.target else { continue }
          byTarget[target, default: []].append(
            Lead(owner: owner, step: step, expression: lead.expression, rule: lead.location))
        }
      }
    }
  }

  /// Leads to a step of this name on this asset's type, each line once.
  func missing(at step: Int) -> [Obstacle.MissingLead] {
    let type = Int(graph.assetTypes[graph.asset(of: step)])
    var seen: Set<SourceLocation> = []
    return (byTarget[graph.type(of: step).name] ?? []).compactMap { lead in
      guard let end = ends.type(of: lead.expression, from: lead.owner),
        index.isType(type, kindOf: end) || index.isType(end, kindOf: type),
        seen.insert(lead.rule).inserted
      else { return nil }
      return Obstacle.MissingLead(
        ownerType: graph.language.assetTypes[lead.owner].name, step: lead.step.name,
        walk: lead.expression.text, rule: lead.rule, candidates: population[lead.owner])
    }
  }
}

extension StepExpression {
  /// The step at the end of a lead.
  fileprivate var target: String? {
    switch self {
    case .step(let name): name
    case .collect(_, let right): right.target
    default: nil
    }
  }
}
