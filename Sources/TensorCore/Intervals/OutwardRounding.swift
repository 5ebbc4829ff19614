/// How far a value computed in `Float`, in any order of additions, can lie from the exact one.
///
/// Source: Higham, "Accuracy and Stability of Numerical Algorithms", 2nd ed., SIAM 2002, sections 3.1 and
/// 4.2; binary32 has the unit roundoff u = 2⁻²⁴.
public enum OutwardRounding {
  public static let unitRoundoff = 0x1p-24
  /// Below the least normal `Float` an error is absolute.
  public static let underflow = 0x1p-149
  /// From here on a `Float` sum may become infinite, and nothing is known of it.
  public static let overflow = 0x1p127

  /// γₙ = n·u / (1 − n·u), rounded up; infinite from 2²³ terms on, where the bound says nothing.
  public static func gamma(_ terms: Int) -> Double {
    let product = Double(terms) * unitRoundoff
    return product < 0.5 ? (product / (1 - product)).nextUp.nextUp : .infinity
  }

  /// The error of a sum of `terms` products whose magnitudes add up to at most `magnitude`.
  public static func error(ofSum terms: Int, magnitude: Double) -> Double {
    (gamma(terms + 1) * magnitude + Double(terms + 1) * underflow).nextUp.nextUp
  }

  /// A range made wider by `ulps` units in the last place of a `Float` at either end.
  public static func widened(
    _ lower: Double, _ upper: Double, ulps: Double
  ) -> (Double, Double) {
    func room(_ x: Double) -> Double { x.isFinite ? abs(x) * ulps * 0x1p-23 + underflow * ulps : 0 }
    return ((lower - room(lower)).nextDown, (upper + room(upper)).nextUp)
  }

  /// As `Double.nextUp`, without a branch: loops over it take a vector at a time.
  @inlinable
  package static func next(above x: Double) -> Double {
    // Without the sign of a zero, the bits of the positive numbers go up with them, and those of the others down.
    let bits = Int64(bitPattern: (x + 0).bitPattern)
    let next = Double(bitPattern: UInt64(bitPattern: bits &+ (bits >> 63 | 1)))
    return x < .infinity ? next : x
  }

  /// As `Double.nextDown`, without a branch.
  @inlinable
  package static func next(below x: Double) -> Double { -next(above: -x) }

  /// At most the `Double` before a finite x, without a branch; NaN for infinity.
  @inlinable
  package static func below(_ x: Double) -> Double { x - (abs(x) * 0x1p-52 + 0x1p-1060) }

  /// At least the `Double` after a finite x, without a branch; NaN for −infinity.
  @inlinable
  package static func above(_ x: Double) -> Double { x + (abs(x) * 0x1p-52 + 0x1p-1060) }
}
