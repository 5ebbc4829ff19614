/// The steps under attack, the one that falls next first: a heap of four children a node, which is flatter
/// than a binary one and touches fewer cache lines. Ties need no order, since equal times give equal times.
struct CompromiseQueue {
  struct Entry {
    var days: Double
    var node: Int32
  }

  private var entries: [Entry] = []

  mutating func reserveCapacity(_ capacity: Int) { entries.reserveCapacity(capacity) }

  mutating func removeAll() { entries.removeAll(keepingCapacity: true) }

  mutating func insert(_ entry: Entry) {
    entries.append(entry)
    var index = entries.count - 1
    while index > 0 {
      let parent = (index - 1) >> 2
      guard entry.days < entries[parent].days else { break }
      entries[index] = entries[parent]
      index = parent
    }
    entries[index] = entry
  }

  mutating func popFirst() -> Entry? {
    guard let last = entries.popLast() else { return nil }
    guard let smallest = entries.first else { return last }
    let count = entries.count
    var index = 0
    while true {
      let first = 4 * index + 1
      guard first < count else { break }
      var child = first
      for other in (first + 1)..<max(first + 1, min(first + 4, count))
      where entries[other].days < entries[child].days { child = other }
      guard entries[child].days < last.days else { break }
      entries[index] = entries[child]
      index = child
    }
    entries[index] = last
    return smallest
  }
}
