/// Places for buffers in one arena, so that buffers that are never alive together share memory.
///
/// Sizes and places count elements for one row; an arena for n rows is n times as large.
struct BufferPlan: Sendable {
  /// A buffer and the span of time in which it holds something.
  struct Lifetime {
    var buffer: Int
    var count: Int
    var first: Int
    var last: Int
  }

  /// Buffers start on cache lines: 16 elements of the narrowest type.
  static let alignment = 16
  /// How many holes are looked at before the arena grows: keeps planning linear for any graph.
  private static let holesTried = 64

  /// Where each buffer starts, by number; −1 for numbers that have no buffer.
  private(set) var offsets: [Int]
  private(set) var count = 0
  private var holes: [Range<Int>] = []

  init(bufferCount: Int, _ lifetimes: [Lifetime]) {
    offsets = Array(repeating: -1, count: bufferCount)
    // Ends before starts at each time, so that a hole can be used at once.
    var ending = lifetimes.sorted { ($0.last, $0.buffer) < ($1.last, $1.buffer) }[...]
    for lifetime in lifetimes.sorted(by: { ($0.first, $0.buffer) < ($1.first, $1.buffer) }) {
      while let ended = ending.first, ended.last < lifetime.first {
        ending.removeFirst()
        release(offsets[ended.buffer]..<offsets[ended.buffer] + Self.rounded(ended.count))
      }
      offsets[lifetime.buffer] = place(Self.rounded(lifetime.count))
    }
  }

  private static func rounded(_ count: Int) -> Int {
    (max(count, 1) + alignment - 1) / alignment * alignment
  }

  /// The tightest of the holes that are looked at, or the end.
  private mutating func place(_ size: Int) -> Int {
    var best: Int?
    for (index, hole) in holes.suffix(Self.holesTried).enumerated() where hole.count >= size {
      let index = max(holes.count - Self.holesTried, 0) + index
      if best.map({ hole.count < holes[$0].count }) ?? true { best = index }
    }
    guard let best else {
      count += size
      return count - size
    }
    let start = holes[best].lowerBound
    if holes[best].count == size {
      holes.remove(at: best)
    } else {
      holes[best] = start + size..<holes[best].upperBound
    }
    return start
  }

  /// Gives memory back, joined with the holes beside it.
  private mutating func release(_ range: Range<Int>) {
    var (low, high) = (0, holes.count)
    while low < high {
      let middle = (low + high) / 2
      if holes[middle].lowerBound < range.lowerBound { low = middle + 1 } else { high = middle }
    }
    var joined = range
    if low < holes.count, holes[low].lowerBound == range.upperBound {
      joined = joined.lowerBound..<holes[low].upperBound
      holes.remove(at: low)
    }
    if low > 0, holes[low - 1].upperBound == joined.lowerBound {
      holes[low - 1] = holes[low - 1].lowerBound..<joined.upperBound
    } else {
      holes.insert(joined, at: low)
    }
  }
}
