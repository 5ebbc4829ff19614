/// The part of a hardening problem on which its answer depends: small even where the attack graph is large.
///
/// What is reached whatever is switched off, what is never reached and what leads to no goal is gone; chains,
/// cycles of OR nodes and nodes that mean the same have become one node. Goals that are meant for different
/// fronts have their own copies of the graph, as far as those differ.
struct HardeningCore: Sendable {
  enum GoalState: Sendable, Hashable {
    /// No attacker at its fronts reaches it, even with nothing switched off.
    case unreachable
    /// Reached with everything switched off.
    case unstoppable
    /// A node of the core.
    case open(Int)
  }

  /// Over OR, AND and given nodes, without entries.
  let reachability: BlockedReachability
  /// For each node the control that switches it off, as a position in `controls`; −1 for none.
  let controlOf: [Int32]
  /// The problem's controls that occur here, ascending.
  let controls: [Int]
  /// In step with the problem's goals.
  let goals: [GoalState]

  init(
    _ whole: BlockedReachability, controls controlNodes: [Int], goals: [HardeningProblem.Goal]
  ) {
    var controlAt = [Int32](repeating: -1, count: whole.graph.count)
    for (index, node) in controlNodes.enumerated() { controlAt[node] = Int32(index) }
    let allOff = controlAt.map { $0 >= 0 }
    let noneOff = [Bool](repeating: false, count: whole.graph.count)

    var reduction = CoreReduction()
    var states = [GoalState](repeating: .unreachable, count: goals.count)
    for layer in Set(goals.map(\.fronts.rawValue)).sorted() {
      let fronts = Fronts(rawValue: layer)
      let reached = whole.reached(from: fronts, without: noneOff)
      let sure = whole.reached(from: fronts, without: allOff)
      var open: [Int] = []
      for index in goals.indices where goals[index].fronts == fronts {
        let node = goals[index].node
        if sure.contains(node) {
          states[index] = .unstoppable
        } else if reached.contains(node) {
          open.append(index)
        }
      }
      let places = reduction.add(
        whole.graph, reached: reached, sure: sure, controlAt: controlAt,
        leadingTo: open.map { goals[$0].node })
      for (index, place) in zip(open, places) { states[index] = .open(place) }
    }
    let openGoals = states.indices.filter { if case .open = states[$0] { true } else { false } }
    let result = reduction.reduced(
      leadingTo: openGoals.map { if case .open(let node) = states[$0] { node } else { 0 } })
    for (index, node) in zip(openGoals, result.targets) { states[index] = .open(node) }

    let used = Set(result.controlOf.filter { $0 >= 0 }).sorted()
    var position = [Int32](repeating: -1, count: controlNodes.count)
    for (place, control) in used.enumerated() { position[Int(control)] = Int32(place) }
    reachability = BlockedReachability(result.graph)
    controlOf = result.controlOf.map { $0 < 0 ? -1 : position[Int($0)] }
    controls = used.map { Int($0) }
    self.goals = states
  }

  /// The core's nodes that are goals, ascending and without repetition.
  var goalNodes: [Int] {
    Set(goals.compactMap { if case .open(let node) = $0 { node } else { nil } }).sorted()
  }

  /// What is derived with the controls at those positions in place.
  func reached(with isInPlace: [Bool]) -> BlockedReachability.Reached {
    reachability.reached(
      from: [], without: controlOf.map { $0 >= 0 && isInPlace[Int($0)] })
  }

  /// The controls, as ascending positions, which one derivation of a goal needs absent; `nil` where no goal
  /// is derived. One of them must be in place in every set that makes all goals unreachable.
  func controlsToHit(with isInPlace: [Bool]) -> [Int]? {
    let reached = reached(with: isInPlace)
    guard let goal = goalNodes.first(where: reached.contains) else { return nil }
    let nodes = reachability.derivation(of: [goal], in: reached)
    return Set(nodes.map { controlOf[Int($0)] }.filter { $0 >= 0 }).sorted().map { Int($0) }
  }
}
