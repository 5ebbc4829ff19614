/// A set of steps as one bit each.
package struct StepSet: Sendable {
  private var words: [UInt64]
  package private(set) var count = 0

  /// An empty set that can hold steps 0 to `capacity` − 1.
  package init(capacity: Int) {
    words = Array(repeating: 0, count: (capacity + 63) / 64)
  }

  package func contains(_ step: Int) -> Bool {
    words[step >> 6] & (1 << UInt64(step & 63)) != 0
  }

  package mutating func insert(_ step: Int) {
    guard !contains(step) else { return }
    words[step >> 6] |= 1 << UInt64(step & 63)
    count += 1
  }

  package mutating func remove(_ step: Int) {
    guard contains(step) else { return }
    words[step >> 6] &= ~(1 << UInt64(step & 63))
    count -= 1
  }
}
