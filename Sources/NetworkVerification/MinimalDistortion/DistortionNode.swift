/// A part of the tree that waits: which candidates of the maxima may lead, and a bound of the distance within them.
struct DistortionNode: Sendable {
  var ranges: CandidateRanges
  var bound: Double
  /// Where its linear program starts.
  var basis: [Int]
  /// The order in which nodes were made, which settles ties.
  var number: Int
}

/// What exploring a node showed.
struct DistortionExploration: Sendable {
  /// Parts that are still open.
  var children: [DistortionNode] = []
  /// The least bound of the parts that are closed.
  var floor = Double.infinity
  /// The nearest example, if one is nearer than what was known.
  var example: [Float]?
  var distance: Double
  var nodes = 0
  var pivots = 0
}
