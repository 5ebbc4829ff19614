public import EngineSupport
import ThreatLanguage

/// The best derivations of one step of an attack graph by one cost, with all three numbers that are called the
/// cost of a path.
public struct DerivationList: Sendable {
  public struct Entry: Sendable {
    /// Causes before effects, the goal last.
    public var steps: [AttackGraph.StepID]
    /// In step with `steps`: the parents each rests on.
    public var chosenParents: [[AttackGraph.StepID]]
    public var costs: DerivationCosts
    /// Product of the steps' probabilities, whatever the list is ordered by.
    public var probability: Double
  }

  /// What a step costs.
  public var cost: StepCost
  /// The best first, by `costs.listed`.
  public var entries: [Entry]
  public var statement: ListStatement
  /// Types of steps on the listed ways for which the language gives no number by this cost: they count 0.
  public var unrated: [String]
  /// States that were looked at.
  public var expansions: Int
}

/// Which attackers a list of derivations is for.
public enum AttackerPosition: Sendable, Hashable {
  /// At all of these fronts, free to use fewer.
  case within(Fronts)
  /// At all of these fronts, on ways that need every one of them.
  case needing(Fronts)

  var demand: FrontDemand {
    switch self {
    case .within(let fronts): .within(fronts)
    case .needing(let fronts): .exactly(fronts)
    }
  }
}

extension AttackGraph {
  /// The best derivations of `goal`, by tree cost or by set cost.
  ///
  /// Unlike `bestPaths`, which lists smallest sets of steps, two derivations differ when their choices of parents do.
  /// The least set cost is NP-hard to find: `expansionLimit` bounds the search for the list, `minimumExpansions` a
  /// further search that proves the least set cost where a list by tree cost does not.
  ///
  /// - Throws: `attack-potential.malformed`.
  public func derivations(
    of goal: StepID, from entries: [StepID: Fronts], at position: AttackerPosition,
    cost: StepCost = .negativeLogProbability, by measure: DerivationCosts.Measure = .setCost,
    limit: Int = 10, expansionLimit: Int = 20_000, minimumExpansions: Int = 0
  ) throws(Diagnostic) -> DerivationList {
    let costs = try stepCosts(cost)
    var graph = andOrGraph(from: entries)
    if costs.impossible.contains(true) { graph = graph.blocking(costs.impossible) }
    let search = DerivationSearch.search(
      graph, goal: goal, for: position.demand, by: measure, costs: costs.values, limit: limit,
      expansionLimit: expansionLimit, minimumExpansions: minimumExpansions)
    let chances = andOrGraph(from: entries)
    let found = search.found.map { found in
      DerivationList.Entry(
        steps: found.derivation.order.map { Int($0) },
        chosenParents: found.derivation.chosenParents.map { $0.map { Int($0) } },
        costs: found.costs,
        probability: StepCost.probability(
          ofNats: found.derivation.costs(in: chances, from: position.demand.fronts).set))
    }
    let unrated = Set(costs.unrated)
    let used = Set(found.flatMap(\.steps).map(typeName))
    return DerivationList(
      cost: cost, entries: found, statement: search.statement,
      unrated: unrated.intersection(used).sorted(), expansions: search.expansions)
  }

  /// `Asset.step`, as `StepCosts.unrated` names types.
  private func typeName(of step: StepID) -> String {
    "\(instance.assets[asset(of: step)].type).\(type(of: step).name)"
  }
}
