internal import TensorCore

/// Nodes by cost, then by number, for Dijkstra's algorithm: nothing goes in that is cheaper than what came
/// out last.
///
/// Many steps cost nothing, so most nodes go in at the cost of the one that came out last. They are bits of
/// a set, whose first is found by three words; only dearer ones go through a heap.
@safe
struct MonotoneQueue: ~Copyable {
  struct Entry {
    var cost: Int64
    var node: Int32
  }

  private let heap: AlignedScratch<Entry>
  private var dearer = 0
  /// The nodes at cost `current`, a bit each; a bit of `summary` for each word that is not 0.
  private let words: AlignedScratch<UInt64>
  private let summary: AlignedScratch<UInt64>
  private let summaryCount: Int
  /// No word of `summary` before this one has a bit.
  private var firstSummary: Int
  private var current: Int64 = 0

  /// - Parameters:
  ///   - nodeCount: Nodes are numbers below this.
  ///   - capacity: Most entries that are in the queue at once.
  init(nodeCount: Int, capacity: Int) {
    heap = AlignedScratch(count: capacity)
    words = AlignedScratch(count: nodeCount / 64 + 1)
    summaryCount = nodeCount / 4096 + 1
    summary = AlignedScratch(count: summaryCount)
    firstSummary = summaryCount
  }

  /// An empty queue takes costs from 0 on again.
  mutating func restart() {
    precondition(dearer == 0 && firstSummary == summaryCount, "the queue is empty")
    current = 0
  }

  @inline(__always)
  mutating func insert(_ node: Int32, at cost: Int64) {
    if cost == current { mark(Int(node)) } else { push(Entry(cost: cost, node: node)) }
  }

  @inline(__always)
  private mutating func mark(_ node: Int) {
    let word = node >> 6
    let words = unsafe words.buffer
    let summary = unsafe summary.buffer
    unsafe words[word] |= 1 << UInt64(node & 63)
    unsafe summary[word >> 6] |= 1 << UInt64(word & 63)
    firstSummary = min(firstSummary, word >> 6)
  }

  @inline(__always)
  mutating func popFirst() -> Entry? {
    let summary = unsafe summary.buffer
    while firstSummary < summaryCount {
      let bits = unsafe summary[firstSummary]
      if bits == 0 {
        firstSummary += 1
        continue
      }
      let word = firstSummary << 6 | bits.trailingZeroBitCount
      let words = unsafe words.buffer
      let marked = unsafe words[word]
      let rest = marked & (marked - 1)
      unsafe words[word] = rest
      if rest == 0 { unsafe summary[firstSummary] = bits & (bits - 1) }
      return Entry(
        cost: current, node: Int32(truncatingIfNeeded: word << 6 | marked.trailingZeroBitCount))
    }
    guard dearer > 0 else { return nil }
    let first = popHeap()
    current = first.cost
    let heap = unsafe heap.buffer
    guard dearer > 0, unsafe heap[0].cost == current else { return first }
    mark(Int(first.node))
    while dearer > 0, unsafe heap[0].cost == current { mark(Int(popHeap().node)) }
    return popFirst()
  }

  private mutating func push(_ entry: Entry) {
    let heap = unsafe heap.buffer
    precondition(dearer < heap.count && entry.cost > current, "costs only grow")
    var index = dearer
    dearer += 1
    while index > 0 {
      let parent = (index - 1) >> 1
      let above = unsafe heap[parent]
      guard entry.cost < above.cost else { break }
      unsafe heap[index] = above
      index = parent
    }
    unsafe heap[index] = entry
  }

  private mutating func popHeap() -> Entry {
    let heap = unsafe heap.buffer
    let smallest = unsafe heap[0]
    dearer -= 1
    let last = unsafe heap[dearer]
    var index = 0
    while true {
      var child = 2 * index + 1
      guard child < dearer else { break }
      if child + 1 < dearer, unsafe heap[child + 1].cost < heap[child].cost { child += 1 }
      let below = unsafe heap[child]
      guard below.cost < last.cost else { break }
      unsafe heap[index] = below
      index = child
    }
    unsafe heap[index] = last
    return smallest
  }
}
