/// A box that is still open, with what is known of it.
struct Subproblem: Sendable {
  var region: Int
  var lower: [Double]
  var upper: [Double]
  /// Cases of the property that may still hold in it.
  var cases: [Int]
  /// Ranges of the network's anchors that hold in it, shared with its sibling.
  var anchorLower: [[Double]]
  var anchorUpper: [[Double]]
  /// Its share of all boxes of the property.
  var share: Double
}

/// What bounding one subproblem showed.
struct BoundedSubproblem: Sendable {
  /// Cases that no point of the box satisfies are gone.
  var open: Subproblem
  /// Where to split it, if it can be split.
  var splits: [Split]
  /// Points to try, each for the first open case.
  var candidates: [[Float]]
  /// How far the middle is from a violation, at or below 0 for one.
  var excess: Double

  enum Split: Sendable, Hashable {
    case input(Int)
    case activation(anchor: Int, element: Int)
    /// Quantised steps up to `lowerHalfEnd`, and those above it.
    case steps(anchor: Int, element: Int, lowerHalfEnd: Double)
  }
}
