import ThreatLanguage

/// What an attacker who stands at given entry points can reach, kept up to date while single steps are
/// switched off and on: the cost of a switch is the part of the graph that it changes.
///
/// Each reached step rests on parents that were reached before it: an OR step on one (its support), an AND
/// step on all. Switching a step off takes away everything that rests on it and then gives back what has
/// another way that does not; nothing is ever held up by itself in a circle. (Gupta, Mumick, Subrahmanian,
/// "Maintaining views incrementally", SIGMOD 1993: delete and rederive.)
public struct AttackReach: Sendable {
  let graph: AttackGraph
  private let entries: StepSet
  private var off: StepSet
  private var reached: StepSet
  /// The parent that each reached OR step rests on; −1 for steps that rest on none.
  private var support: [Int32]
  /// How many parents of each AND step are not reached.
  private var waitingFor: [Int32]

  /// Computes everything once; linear in the graph. Steps with probability 0 and existence checks that
  /// fail start switched off.
  public init(_ graph: AttackGraph, from entries: some Sequence<AttackGraph.StepID>) {
    self.graph = graph
    let count = graph.stepCount
    var standing = StepSet(capacity: count)
    for entry in entries { standing.insert(entry) }
    self.entries = standing
    off = StepSet(capacity: count)
    reached = StepSet(capacity: count)
    support = Array(repeating: -1, count: count)
    waitingFor = Array(repeating: 0, count: count)
    var queue: [Int32] = []
    for step in 0..<count {
      let kind = graph.kind(of: step)
      if kind == .and { waitingFor[step] = Int32(graph.parents(of: step).count) }
      let isCheck = kind == .exist || kind == .notExist
      if isCheck ? !graph.isViable(step) : graph.probability(of: step) == 0 { off.insert(step) }
      if isSource(step, kind) {
        reached.insert(step)
        queue.append(Int32(step))
      }
    }
    _ = spread(&queue)
  }

  public func isReached(_ step: AttackGraph.StepID) -> Bool { reached.contains(step) }
  public func isOff(_ step: AttackGraph.StepID) -> Bool { off.contains(step) }
  public var reachedCount: Int { reached.count }

  /// Reached without any parent: an entry, an absent defence, a check that holds.
  private func isSource(_ step: Int, _ kind: StepType.Kind) -> Bool {
    if entries.contains(step) { return true }
    guard !off.contains(step) else { return false }
    switch kind {
    case .or, .and: return false
    case .defense, .exist, .notExist: return true
    }
  }

  /// Makes a step possible again (a defence: takes it away). Returns the steps newly reached, ascending.
  public mutating func switchOn(_ step: AttackGraph.StepID) -> [AttackGraph.StepID] {
    guard off.contains(step) else { return [] }
    off.remove(step)
    var queue: [Int32] = []
    rederive(step, &queue)
    return spread(&queue).sorted().map { Int($0) }
  }

  /// Makes a step impossible (a defence: puts it in place). Returns the steps no longer reached, ascending.
  /// An entry point stays reached: the attacker stands there.
  public mutating func switchOff(_ step: AttackGraph.StepID) -> [AttackGraph.StepID] {
    guard !off.contains(step) else { return [] }
    off.insert(step)
    guard reached.contains(step), !entries.contains(step) else { return [] }
    var lost: [Int32] = [Int32(step)]
    reached.remove(step)
    var next = 0
    while next < lost.count {
      let parent = lost[next]
      next += 1
      for child in graph.children(of: Int(parent)) {
        let kind = graph.kind(of: Int(child))
        if kind == .and { waitingFor[Int(child)] += 1 }
        guard reached.contains(Int(child)), !entries.contains(Int(child)) else { continue }
        guard kind == .and || (kind == .or && support[Int(child)] == parent) else { continue }
        reached.remove(Int(child))
        lost.append(child)
      }
    }
    var queue: [Int32] = []
    for candidate in lost { rederive(Int(candidate), &queue) }
    _ = spread(&queue)
    return lost.filter { [reached] in !reached.contains(Int($0)) }.sorted().map { Int($0) }
  }

  /// Reaches a step if it has all it needs, and puts it on the queue.
  private mutating func rederive(_ step: Int, _ queue: inout [Int32]) {
    guard !reached.contains(step) else { return }
    let kind = graph.kind(of: step)
    if isSource(step, kind) {
      reach(step, on: -1, &queue)
    } else if !off.contains(step) {
      switch kind {
      case .and:
        if waitingFor[step] == 0, !graph.parents(of: step).isEmpty { reach(step, on: -1, &queue) }
      case .or:
        if let parent = graph.parents(of: step).first(where: { reached.contains(Int($0)) }) {
          reach(step, on: parent, &queue)
        }
      case .defense, .exist, .notExist: break
      }
    }
  }

  private mutating func reach(_ step: Int, on parent: Int32, _ queue: inout [Int32]) {
    reached.insert(step)
    support[step] = parent
    queue.append(Int32(step))
  }

  /// Goes on from the steps on the queue, which are reached but have told no child yet. Returns all of them.
  private mutating func spread(_ queue: inout [Int32]) -> [Int32] {
    var next = 0
    while next < queue.count {
      let parent = queue[next]
      next += 1
      for child in graph.children(of: Int(parent)) {
        let child = Int(child)
        let kind = graph.kind(of: child)
        if kind == .and { waitingFor[child] -= 1 }
        guard !reached.contains(child), !off.contains(child) else { continue }
        switch kind {
        case .or: reach(child, on: parent, &queue)
        case .and: if waitingFor[child] == 0 { reach(child, on: -1, &queue) }
        case .defense, .exist, .notExist: break
        }
      }
    }
    return queue
  }
}
