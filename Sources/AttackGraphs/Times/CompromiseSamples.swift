/// Times to compromise of some goals in a range of samples.
package struct CompromiseSamples: Sendable, Hashable {
  /// How many times each sample has.
  package let slotCount: Int
  /// Attacker days, `.infinity` for never: one sample after the other, in each the goals in their order.
  package private(set) var days: [Double]

  init(slotCount: Int, days: [Double]) {
    self.slotCount = slotCount
    self.days = days
  }

  package var count: Int { slotCount == 0 ? 0 : days.count / slotCount }

  /// Adds the samples of the range that follows.
  package mutating func append(_ other: CompromiseSamples) {
    precondition(slotCount == other.slotCount, "samples of different goals")
    days += other.days
  }

  /// The times of the goal at `slot`.
  package func times(ofSlot slot: Int) -> CompromiseTimes {
    precondition(slot >= 0 && slot < slotCount)
    return CompromiseTimes(stride(from: slot, to: days.count, by: slotCount).map { days[$0] })
  }
}
