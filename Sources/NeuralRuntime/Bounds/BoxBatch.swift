/// Boxes of inputs, bounded together, each with ranges that are already known for values on the way.
package struct BoxBatch: Sendable {
  /// `[count, inputs]`, flat.
  package var lower: [Double]
  package var upper: [Double]
  /// For each anchor of the propagation what is known of its range, `[count, width]`; empty where nothing is.
  package var anchorLower: [[Double]]
  package var anchorUpper: [[Double]]
  package let count: Int

  package init(
    lower: [Double], upper: [Double], count: Int, anchorLower: [[Double]] = [],
    anchorUpper: [[Double]] = []
  ) {
    precondition(
      lower.count == upper.count && (count == 0 ? lower.isEmpty : lower.count % count == 0),
      "both ends have one shape")
    self.lower = lower
    self.upper = upper
    self.count = count
    self.anchorLower = anchorLower
    self.anchorUpper = anchorUpper
  }
}
