import EngineSupport

/// One thread's memory for a simulation, and the search that times one sample.
struct CompromiseSearch {
  private let simulation: CompromiseSimulation
  private let awaitedSlots: Int
  private var nodes: [CompromiseSimulation.Node]
  /// What is compromised at the present time and has not yet led on.
  private var reached: [Int32] = []
  private var queue = CompromiseQueue()

  init(_ simulation: CompromiseSimulation) {
    self.simulation = simulation
    nodes = simulation.nodes
    awaitedSlots = simulation.nodes.reduce(0) { $0 + ($1.slot >= 0 ? 1 : 0) }
    reached.reserveCapacity(simulation.nodes.count)
    queue.reserveCapacity(simulation.nodes.count)
  }

  /// Writes each goal's time to `days[base + slot]`, which must hold infinity.
  mutating func run(_ row: SeededRandom.Row, into days: inout [Double], at base: Int) {
    for slot in simulation.zeroSlots { days[base + Int(slot)] = 0 }
    for index in nodes.indices { nodes[index].waiting = nodes[index].waitsFor }
    reached.removeAll(keepingCapacity: true)
    queue.removeAll()
    for (node, presence) in simulation.defences {
      var random = row.cell(Int(nodes[Int(node)].original))
      if random.uniform() >= presence { reached.append(node) }
    }
    for node in simulation.starters { attack(node, at: 0, row) }

    var awaited = awaitedSlots
    var now = 0.0
    while awaited > 0 {
      while let node = reached.popLast() {
        let slot = nodes[Int(node)].slot
        if slot >= 0 {
          days[base + Int(slot)] = now
          awaited -= 1
        }
        let count = nodes[Int(node)].childCount
        guard count > 0 else { continue }
        release(nodes[Int(node)].firstChild, at: now, row)
        guard count > 1 else { continue }
        let start = Int(nodes[Int(node)].otherChildren)
        for position in start..<start + Int(count) - 1 {
          release(simulation.children[position], at: now, row)
        }
      }
      guard let next = queue.popFirst() else { return }
      now = next.days
      reached.append(next.node)
    }
  }

  /// One parent of `node` has been compromised.
  private mutating func release(_ node: Int32, at now: Double, _ row: SeededRandom.Row) {
    nodes[Int(node)].waiting -= 1
    if nodes[Int(node)].waiting == 0 { attack(node, at: now, row) }
  }

  /// `node` has come within reach.
  private mutating func attack(_ node: Int32, at now: Double, _ row: SeededRandom.Row) {
    let law = nodes[Int(node)].law
    guard law >= 0 else {
      reached.append(node)
      return
    }
    var random = row.cell(Int(nodes[Int(node)].original))
    let own = simulation.laws[Int(law)].draw(from: &random)
    if own <= 0 {
      reached.append(node)
    } else if now + own < .infinity {
      queue.insert(CompromiseQueue.Entry(days: now + own, node: node))
    }
  }
}
