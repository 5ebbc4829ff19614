private import TensorCore
private import ThreatLanguage

/// The best attack paths to one goal, and how much is known about the rest.
public struct PathSearch: Sendable, Hashable {
  /// Cheapest (most probable) first. Paths of equal cost stand by number of steps, then by step ids; where
  /// more of them tie than the limit has room for, the fixed order of the search decides which are listed.
  /// Costs that differ by less than 2⁻²⁴ nats (a ratio of probabilities of 1.00000006) count as ties there.
  public var paths: [AttackPath]
  /// It is proved that no other path exists. `false` when a limit stopped the search, even if the paths it
  /// had found by then happen to be all.
  public var isComplete: Bool
  /// What every path that is not listed costs at least, nats; infinite when the list is complete.
  public var bound: Double
  /// Partial derivations that were looked at.
  public var expansions: Int

  public init(paths: [AttackPath], isComplete: Bool, bound: Double, expansions: Int) {
    self.paths = paths
    self.isComplete = isComplete
    self.bound = bound
    self.expansions = expansions
  }

  /// What every path that is not listed has as probability at most; 0 when the list is complete.
  public var probabilityBound: Double { isComplete ? 0 : PortableMath.exp(-bound) }
}

extension AttackGraph {
  /// The cheapest attack paths to `goal` that need exactly `fronts`: an attacker who stands at all of them
  /// can walk the path, one who lacks any of them cannot.
  ///
  /// A path is a smallest set: no part of its steps derives the goal from the same fronts. Paths come in the
  /// true order of set cost, −ln(probability) summed over distinct steps. An entry point costs nothing, even
  /// where the step itself is improbable; its fronts say where it stands open, and one of them is enough.
  /// `needing: []` gives the paths that need no entry point at all.
  ///
  /// The problem is NP-hard, so `expansionLimit` bounds the work (and a fixed limit the memory); the result
  /// says when a limit was hit and what is proved about the paths that are missing.
  ///
  /// - Parameters:
  ///   - goal: A step of this graph.
  ///   - entries: Where the attacker can start.
  ///   - limit: Paths listed at most.
  ///   - expansionLimit: Partial derivations looked at, at most.
  ///   - ceiling: The search ends where every path that is not listed costs more than this, nats.
  public func bestPaths(
    to goal: StepID, from entries: [StepID: Fronts], needing fronts: Fronts, limit: Int = 10,
    expansionLimit: Int = 20_000, ceiling: Double = .infinity
  ) -> PathSearch {
    let graph = andOrGraph(from: entries)
    let outcome = PathSearchEngine.search(
      graph, goal: goal, needing: fronts, limit: limit, expansionLimit: expansionLimit,
      ceiling: ceiling)
    // Paths come in the true order of set cost, so the first one costs the least there is.
    let least = outcome.paths.first?.cost
    return PathSearch(
      paths: outcome.paths.map { found in
        let tree = found.derivation.costs(in: graph, from: fronts).tree
        return path(
          of: found, from: entries, needing: fronts,
          costs: DerivationCosts(
            treeCost: max(tree, found.cost), setCost: found.cost, provenMinimum: least,
            listedBy: .setCost))
      },
      isComplete: outcome.isComplete, bound: outcome.bound, expansions: outcome.expansions)
  }

  /// The bare graph: defences, existence checks and impossible steps have become given or blocked nodes.
  package func andOrGraph(from entries: [StepID: Fronts]) -> AndOrGraph {
    var fronts = [Fronts](repeating: [], count: stepCount)
    for (step, open) in entries { fronts[step] = open.intersection(.both) }
    return AndOrGraph(
      kinds: (0..<stepCount).map(nodeKind), costs: (0..<stepCount).map(cost),
      entryFronts: fronts, parents: { parents(of: $0) })
  }

  private func nodeKind(of step: StepID) -> AndOrGraph.Kind {
    guard isViable(step), chance(of: step) > 0 else { return .blocked }
    return switch kind(of: step) {
    case .or: .or
    case .and: .and
    case .defense, .exist, .notExist: .given
    }
  }

  /// The step's factor of a path: an existence check that holds is certain.
  private func chance(of step: StepID, byPrior: Bool = false) -> Double {
    switch kind(of: step) {
    case .exist, .notExist: 1
    case .or, .and, .defense: min(1, byPrior ? prior(of: step) : probability(of: step))
    }
  }

  /// −ln(probability); 0 for impossible steps, which are blocked by `nodeKind(of:)`.
  private func cost(of step: StepID) -> Double {
    let chance = chance(of: step)
    return chance > 0 ? max(0, -PortableMath.log(chance)) : 0
  }

  private func path(
    of found: PathSearchEngine.Outcome.Path, from entries: [StepID: Fronts], needing fronts: Fronts,
    costs: DerivationCosts
  ) -> AttackPath {
    let order = found.derivation.order.map { Int($0) }
    let used = order.filter { !(entries[$0] ?? []).isDisjoint(with: fronts) }
    let paid = order.filter { (entries[$0] ?? []).isDisjoint(with: fronts) }
    return AttackPath(
      steps: order, chosenParents: found.derivation.chosenParents.map { $0.map { Int($0) } },
      entries: used.sorted(), fronts: fronts, costs: costs,
      probability: paid.reduce(1) { $0 * chance(of: $1) },
      priorProbability: paid.reduce(1) { $0 * chance(of: $1, byPrior: true) })
  }
}
