/// The k best derivations in the order of tree cost, where a step is paid for again each time something rests
/// on it.
///
/// The best derivation under some restrictions is found by Knuth's generalisation of Dijkstra's algorithm,
/// which never goes round a cycle; it is run once on the whole problem, and then only on the nodes that the
/// restrictions of a part affect. The rest of a part, beside its best derivation, is parted as by Lawler: by
/// the first OR node, from the goal on, whose parent differs. A part is first judged by a lower bound and
/// searched when the bound has come to the front of the queue.
///
/// Costs of nodes are multiples of a power of two, so sums are exact, and equal sums equal, as long as they
/// have no more than 53 bits; beyond that they are rounded, in the same way wherever the same tree is added.
///
/// Sources: Knuth, "A generalization of Dijkstra's algorithm", Information Processing Letters 6 (1977);
/// Lawler, "A procedure for computing the K best solutions to discrete optimization problems", Management
/// Science 18 (1972).
struct TreeCostSearch {
  /// A derivation as the choices of its OR nodes that have any, in depth-first order from the goal.
  private struct Listed {
    var decisions: [PathSearchDecision]
  }

  /// The derivations that agree with a listed one on the first decisions and differ on the next.
  private struct Part {
    /// Index of the listed derivation, −1 for none: all derivations.
    var base: Int
    var agreeing: Int
    /// Parents that listed derivations choose there.
    var taken: [Int32]
    /// The best derivation of the part, once it is known.
    var best: [PathSearchDecision]?
  }

  struct Outcome {
    /// The choices of the OR nodes that are used and have several parents, with the tree cost.
    var found: [(decisions: [PathSearchDecision], cost: Double)] = []
    var statement = ListStatement.complete
    var expansions = 0
  }

  private let problem: PathSearchProblem
  private let costs: [Double]
  private var listed: [Listed] = []
  private var parts: [Part] = []
  private var queue = PathSearchHeap()
  private var work = 0
  private var stored = 0

  /// Tree cost of the best derivation of each node without restrictions, and what OR nodes rest on in it;
  /// inside of `solve`, under the restrictions of a part.
  private var least: [Double]
  private var supporter: [Int32]

  // Scratch of Knuth's algorithm.
  private var affected: [Int32] = []
  private var isAffected: [Bool] = []
  private var tentative: [Double]
  private var waitingFor: [Int32]
  private var fixed: [Int32]
  private var open = PathSearchHeap()

  private static let workLimit = 1_000_000_000
  private static let storedLimit = 32_000_000

  init(_ problem: PathSearchProblem) {
    self.problem = problem
    costs = problem.costs.map(problem.units.cost)
    least = [Double](repeating: .infinity, count: problem.count)
    tentative = least
    waitingFor = [Int32](repeating: 0, count: problem.count)
    supporter = [Int32](repeating: -1, count: problem.count)
    fixed = [Int32](repeating: -1, count: problem.count)
  }

  /// Lists derivations whose choices are `wanted`.
  mutating func run(
    limit: Int, expansionLimit: Int, wanted: ([Int32]) -> Bool
  ) -> Outcome {
    var outcome = Outcome()
    parts.append(Part(base: -1, agreeing: 0, taken: [], best: nil))
    enqueue(0, at: 0)
    while let entry = queue.first {
      let index = Int(entry.order >> 1)
      let bound = Self.cost(entry)
      if parts[index].best != nil, outcome.found.count >= limit {
        outcome.statement = .completeUpTo(bound: bound)
        break
      }
      if let reached = limitReached(outcome, expansionLimit) {
        outcome.statement =
          outcome.found.count >= limit
          ? .completeUpTo(bound: bound) : .stopped(at: reached, bound: bound)
        break
      }
      _ = queue.popFirst()
      if let best = parts[index].best {
        let choices = problem.choices(best)
        if wanted(choices) { outcome.found.append((best, bound)) }
        divide(index, best, choices, costing: bound)
      } else {
        outcome.expansions += 1
        if let cost = solve(index) { enqueue(index, at: cost) }
      }
    }
    return outcome
  }

  private func limitReached(
    _ outcome: Outcome, _ expansionLimit: Int
  ) -> ListStatement.Limit? {
    if outcome.expansions >= expansionLimit { return .expansions }
    if work >= Self.workLimit { return .work }
    return stored >= Self.storedLimit ? .memory : nil
  }

  /// Known derivations come before bounds of the same cost. The bits of doubles that are not negative are
  /// ordered as the doubles are.
  private mutating func enqueue(_ part: Int, at cost: Double) {
    let isBound = parts[part].best == nil
    queue.insert(
      PathSearchHeap.Entry(
        cost: Int64(bitPattern: cost.bitPattern), order: Int64(part) << 1 | (isBound ? 1 : 0)))
  }

  private static func cost(_ entry: PathSearchHeap.Entry) -> Double {
    Double(bitPattern: UInt64(bitPattern: entry.cost))
  }

  /// Parts what is left of a part beside its best derivation.
  private mutating func divide(
    _ index: Int, _ best: [PathSearchDecision], _ choices: [Int32], costing cost: Double
  ) {
    let part = parts[index]
    parts[index] = Part(base: -1, agreeing: 0, taken: [], best: [])
    let order = problem.causesFirst(choices)
    var place = [Int32](repeating: .max, count: problem.count)
    for (index, decision) in best.enumerated() { place[Int(decision.node)] = Int32(index) }
    var bounds = [Double](repeating: 0, count: problem.count)
    stored += best.count
    work += problem.count
    for agreeing in part.agreeing..<max(part.agreeing, best.count) {
      let decision = best[agreeing]
      let taken = (agreeing == part.agreeing ? part.taken : []) + [decision.parent]
      guard problem.parents(of: decision.node).count > taken.count else { continue }
      let bound = bound(
        order, choices, place, agreeing: Int32(agreeing), without: taken, &bounds)
      guard bound < .infinity else { continue }
      parts.append(Part(base: listed.count, agreeing: agreeing, taken: taken, best: nil))
      stored += taken.count + 1
      enqueue(parts.count - 1, at: max(cost, bound))
    }
    listed.append(Listed(decisions: best))
  }

  /// What a derivation costs at least that agrees with `choices` before the place `agreeing`, and there takes
  /// none of the parents `taken`: what is not decided costs as little as it ever does.
  private mutating func bound(
    _ order: [Int32], _ choices: [Int32], _ place: [Int32], agreeing: Int32,
    without taken: [Int32], _ bounds: inout [Double]
  ) -> Double {
    let many = taken.count > 8 ? Set(taken) : []
    for node in order {
      var value = costs[Int(node)]
      let own = place[Int(node)]
      work += 1
      if own > agreeing && own < .max {
        value = least[Int(node)]
      } else if own == agreeing {
        var cheapest = Double.infinity
        work += problem.parents(of: node).count
        for parent in problem.parents(of: node)
        where !(many.isEmpty ? taken.contains(parent) : many.contains(parent)) {
          cheapest = min(cheapest, least[Int(parent)])
        }
        guard cheapest < .infinity else { return .infinity }
        value = TreeCost.sum(value, cheapest)
      } else {
        let chosen = problem.chosen(node, choices)
        work += chosen.count
        for parent in chosen { value = TreeCost.sum(value, bounds[Int(parent)]) }
      }
      bounds[Int(node)] = value
    }
    return bounds[Int(problem.goal)]
  }

  /// Finds the best derivation of a part; its cost, or `nil` where there is none.
  private mutating func solve(_ index: Int) -> Double? {
    let part = parts[index]
    var taken: Set<Int32> = []
    var spur: Int32 = -1
    if part.base < 0 {
      affected = Array(0..<Int32(problem.count))
      isAffected = [Bool](repeating: true, count: problem.count)
    } else {
      let decisions = listed[part.base].decisions
      taken = Set(part.taken)
      spur = decisions[part.agreeing].node
      var changed: [Int32] = []
      for decision in decisions[..<part.agreeing] {
        fixed[Int(decision.node)] = decision.parent
        if supporter[Int(decision.node)] != decision.parent { changed.append(decision.node) }
      }
      if taken.contains(supporter[Int(spur)]) { changed.append(spur) }
      collectAffected(by: changed)
    }
    let saved = affected.map { (least[Int($0)], supporter[Int($0)]) }
    work += problem.avoidable.count * problem.count
    let isHopeless = problem.avoidable.contains { sources in
      !problem.dependents(of: sources, fixed)[Int(problem.goal)]
    }
    derive(spur, without: taken, all: part.base < 0)
    let cost = least[Int(problem.goal)]
    if !isHopeless && cost < .infinity {
      let best = decisionsInOrder()
      parts[index].best = best
      stored += best.count
    }
    if part.base >= 0 {
      for decision in listed[part.base].decisions[..<part.agreeing] {
        fixed[Int(decision.node)] = -1
      }
      for (node, before) in zip(affected, saved) {
        (least[Int(node)], supporter[Int(node)]) = before
      }
    }
    for node in affected { isAffected[Int(node)] = false }
    return parts[index].best == nil ? nil : cost
  }

  /// The nodes whose best derivation without restrictions rests on one of the `changed`; all others keep it.
  private mutating func collectAffected(by changed: [Int32]) {
    affected = changed
    for node in changed { isAffected[Int(node)] = true }
    var next = 0
    while next < affected.count {
      let node = affected[next]
      next += 1
      let children = problem.children(of: node)
      work += 1 + children.count
      for child in children
      where !isAffected[Int(child)] && (problem.isAnd[Int(child)] || supporter[Int(child)] == node)
      {
        isAffected[Int(child)] = true
        affected.append(child)
      }
    }
  }

  /// Knuth's algorithm on the affected nodes, over the fixed values of the others: nodes are derived in the
  /// order of their tree cost; the first allowed parent decides an OR node, the last one an AND node. Stops at
  /// the goal unless `all` values are wanted.
  private mutating func derive(_ spur: Int32, without taken: Set<Int32>, all: Bool) {
    open.removeAll()
    for node in affected {
      least[Int(node)] = .infinity
      supporter[Int(node)] = -1
      tentative[Int(node)] = .infinity
      waitingFor[Int(node)] = 1
    }
    for node in affected {
      let own = problem.parents(of: node)
      work += 1 + own.count
      if problem.isSource[Int(node)] {
        propose(node, costs[Int(node)])
      } else if problem.isAnd[Int(node)] {
        waitingFor[Int(node)] = own.reduce(0) { isAffected[Int($1)] ? $0 + 1 : $0 }
      } else if !all {
        for parent in own
        where !isAffected[Int(parent)] && allows(parent, for: node, spur, taken) {
          improve(node, over: parent)
        }
      }
    }
    while let entry = open.popFirst() {
      let node = Int32(truncatingIfNeeded: entry.order)
      guard least[Int(node)] == .infinity else { continue }
      least[Int(node)] = Self.cost(entry)
      if node == problem.goal && !all { return }
      let children = problem.children(of: node)
      work += 1 + children.count
      for child in children where isAffected[Int(child)] && least[Int(child)] == .infinity {
        if problem.isAnd[Int(child)] {
          waitingFor[Int(child)] -= 1
          guard waitingFor[Int(child)] == 0 else { continue }
          propose(
            child,
            problem.parents(of: child).reduce(costs[Int(child)]) {
              TreeCost.sum($0, least[Int($1)])
            })
        } else if allows(node, for: child, spur, taken) {
          improve(child, over: node)
        }
      }
    }
  }

  private func allows(
    _ parent: Int32, for node: Int32, _ spur: Int32, _ taken: Set<Int32>
  ) -> Bool {
    let choice = fixed[Int(node)]
    return choice >= 0 ? choice == parent : node != spur || !taken.contains(parent)
  }

  private mutating func improve(_ node: Int32, over parent: Int32) {
    let cost = TreeCost.sum(costs[Int(node)], least[Int(parent)])
    guard cost < tentative[Int(node)] else { return }
    tentative[Int(node)] = cost
    supporter[Int(node)] = parent
    propose(node, cost)
  }

  private mutating func propose(_ node: Int32, _ cost: Double) {
    open.insert(
      PathSearchHeap.Entry(cost: Int64(bitPattern: cost.bitPattern), order: Int64(node)))
  }

  /// The decisions of the derivation that `supporter` describes, depth first from the goal: whatever comes
  /// before a decision is enough to know that its node is used.
  private func decisionsInOrder() -> [PathSearchDecision] {
    var decisions: [PathSearchDecision] = []
    var isSeen = [Bool](repeating: false, count: problem.count)
    var stack = [problem.goal]
    while let node = stack.popLast() {
      guard !isSeen[Int(node)] else { continue }
      isSeen[Int(node)] = true
      let own = problem.parents(of: node)
      if problem.isAnd[Int(node)] {
        stack += own.reversed()
      } else if !own.isEmpty {
        let parent = supporter[Int(node)]
        if own.count > 1 { decisions.append(PathSearchDecision(node: node, parent: parent)) }
        stack.append(parent)
      }
    }
    return decisions
  }
}
