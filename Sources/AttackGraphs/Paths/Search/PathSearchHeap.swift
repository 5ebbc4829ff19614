/// A binary heap that gives the smallest entry first: by cost, then by `order`, so that nothing is left to
/// chance. Concrete rather than generic, because it is the innermost loop of the search.
struct PathSearchHeap {
  struct Entry {
    var cost: Int64
    /// Breaks ties; says which node or state this is.
    var order: Int64

    static func < (left: Entry, right: Entry) -> Bool {
      left.cost != right.cost ? left.cost < right.cost : left.order < right.order
    }
  }

  private var entries: [Entry] = []

  var first: Entry? { entries.first }

  mutating func removeAll() { entries.removeAll(keepingCapacity: true) }

  mutating func insert(_ entry: Entry) {
    entries.append(entry)
    var index = entries.count - 1
    while index > 0 {
      let parent = (index - 1) / 2
      guard entry < entries[parent] else { break }
      entries[index] = entries[parent]
      index = parent
    }
    entries[index] = entry
  }

  mutating func popFirst() -> Entry? {
    guard let smallest = entries.first, let last = entries.popLast() else { return nil }
    let count = entries.count
    guard count > 0 else { return smallest }
    var index = 0
    while true {
      var child = 2 * index + 1
      guard child < count else { break }
      if child + 1 < count && entries[child + 1] < entries[child] { child += 1 }
      guard entries[child] < last else { break }
      entries[index] = entries[child]
      index = child
    }
    entries[index] = last
    return smallest
  }
}
