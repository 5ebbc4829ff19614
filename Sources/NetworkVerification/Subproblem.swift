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
  /// The box it was halved from.
  var parent: Parent?

  /// A box that was split.
  struct Parent: Sendable {
    /// In the order in which boxes were bounded.
    var number: Int
    /// How far its bound lies below 0.
    var depth: Double
  }
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
  /// How far the bound of the case that is hardest to rule out lies below 0; negative where all cases are ruled out.
  var depth: Double

  enum Split: Sendable, Hashable {
    case input(Int)
    case activation(anchor: Int, element: Int)
    /// Quantised steps up to `lowerHalfEnd`, and those above it.
    case steps(anchor: Int, element: Int, lowerHalfEnd: Double)
  }
}
