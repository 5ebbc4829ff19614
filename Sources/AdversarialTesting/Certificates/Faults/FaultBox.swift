/// A box of a fault's parameters that is still open.
struct FaultBox: Sendable {
  /// Which whole periods of delay it belongs to.
  var piece: Int
  var lower: [Double]
  var upper: [Double]
  /// Of the family's volume.
  var share: Double
  /// The least scale of a fault in it.
  var scale: Double
  /// Which box of the search it is, for an order of equals.
  var number: Int

  /// The point of the box that is nearest to no fault, as the piece's network takes it.
  var nearest: [Double] { zip(lower, upper).map { min(max(0, $0), $1) } }

  var middle: [Double] { zip(lower, upper).map { $0 / 2 + $1 / 2 } }

  func contains(_ point: [Double]) -> Bool {
    zip(point, zip(lower, upper)).allSatisfy { $1.0 <= $0 && $0 <= $1.1 }
  }
}
