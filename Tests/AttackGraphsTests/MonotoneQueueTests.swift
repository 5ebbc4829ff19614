import EngineSupport
import Testing

@testable import AttackGraphs

/// The queue of the bound against a sorted list.
@Suite struct MonotoneQueueTests {
  private static let seed: UInt64 = 4_096

  @Test func comesOutByCostThenNumber() {
    for number in 0..<300 {
      var random = SeededRandom(seed: Self.seed).stream("monotone queue", number)
      // Over one word, over one word of the summary, and small.
      let nodes = [10, 300, 9_000][number % 3]
      var queue = MonotoneQueue(nodeCount: nodes, capacity: 1_000)
      // Used again when it is empty.
      for _ in 0..<3 {
        var expected: [(cost: Int64, node: Int32)] = []
        var cost: Int64 = 0
        queue.restart()
        for _ in 0..<200 {
          let place = "seed \(Self.seed) case \(number)"
          if expected.isEmpty || random.index(below: 5) < 3 {
            let node = Int32(random.index(below: nodes))
            let added = cost + Int64([0, 0, 0, 1, 7][random.index(below: 5)])
            guard !expected.contains(where: { $0 == (added, node) }) else { continue }
            queue.insert(node, at: added)
            expected.append((added, node))
            expected.sort { $0 < $1 }
          } else {
            let first = expected.removeFirst()
            let popped = queue.popFirst()
            #expect(popped?.cost == first.cost && popped?.node == first.node, "\(place)")
            cost = first.cost
          }
        }
        for first in expected {
          let popped = queue.popFirst()
          #expect(popped?.cost == first.cost && popped?.node == first.node)
        }
        let isEmpty = queue.popFirst() == nil
        #expect(isEmpty)
      }
    }
  }
}
