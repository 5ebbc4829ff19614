import EngineSupport

/// Times to compromise by Monte Carlo: in each sample every defence is there or not, every step has one time,
/// and the attacker takes everything as early as possible, working on any number of steps at once.
///
/// An OR step is compromised its own time after its earliest parent, an AND step its own time after its
/// latest; what `AndOrGraph` says holds besides (entries and given nodes at 0 without a time of their own,
/// blocked nodes never, nothing through a cycle). Of its own time a step takes the positive part.
///
/// A step's time and a defence's presence depend on the seed, the sample and the node alone. So samples may
/// be drawn in any split over any number of threads, and the same node has the same time in a sample
/// whatever else is asked for.
///
/// Each sample is a label-setting search (Dijkstra, 1959; for AND by Knuth, 1977): a step enters the queue
/// once, when its time is known. O(e + n log n) a sample for n steps and e edges, and no allocation.
package struct CompromiseSimulation: Sendable {
  /// How many nodes the graph has.
  package let nodeCount: Int
  /// The goals as given, or `nil` where all nodes are timed.
  package let goals: [Int]?

  /// What is drawn and timed, in 32 bytes: all that is needed of a node when it comes within reach lies in
  /// one place, with its first child, for most have no more than one.
  struct Node {
    /// How many parents are still to be compromised; 1 at first for OR.
    var waiting: Int32
    /// The value of `waiting` at the start of a sample.
    var waitsFor: Int32
    /// Index into `laws`; negative for a step that takes no time.
    var law: Int32
    /// The node of the original graph: names the stream of its draws.
    var original: Int32
    /// Where its time goes in the output; negative for nowhere.
    var slot: Int32
    var childCount: Int32
    var firstChild: Int32
    /// Where in `children` the others are.
    var otherChildren: Int32
  }

  let laws: [TimeSampler]
  let nodes: [Node]
  let children: [Int32]
  /// Defences that may or may not be there, with the probability that they are.
  let defences: [(node: Int32, presence: Double)]
  /// Steps that are within reach at time 0.
  let starters: [Int32]
  /// Slots of what is compromised at 0 in every sample.
  let zeroSlots: [Int32]

  /// How many times one sample gives.
  package var slotCount: Int { goals?.count ?? nodeCount }
  /// How many nodes are worked on in a sample, after what is decided beforehand has been left out.
  package var activeNodeCount: Int { nodes.count }

  /// `law` gives each node's index into `laws`, or −1 for a step that takes no time; `presence` gives each
  /// node's probability of being a defence in place, and is looked at for `given` nodes only. Both have a
  /// value for every node. `goals` names each node once.
  package init(
    _ graph: AndOrGraph, laws: [TimeSampler], law: [Int32], presence: [Double],
    from fronts: Fronts, goals: [Int]? = nil
  ) {
    precondition(law.count == graph.count && presence.count == graph.count)
    let plan = CompromisePlan(
      graph, laws: laws, law: law, presence: presence, fronts: fronts, goals: goals)
    nodeCount = graph.count
    self.goals = goals
    self.laws = laws
    nodes = plan.nodes
    children = plan.children
    defences = plan.defences
    starters = plan.starters
    zeroSlots = plan.zeroSlots
  }
}
