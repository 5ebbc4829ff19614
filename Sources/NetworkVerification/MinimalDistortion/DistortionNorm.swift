/// How far one input is from another.
public enum DistortionNorm: String, Sendable, Hashable, CaseIterable {
  /// The greatest change of an element.
  case linf
  /// The sum of the changes of all elements.
  case l1

  /// The distance, rounded up.
  func distance(_ x: [Double], _ y: [Double]) -> Double {
    var (most, sum) = (0.0, 0.0)
    for (a, b) in zip(x, y) where a != b {
      let change = abs(a - b).nextUp
      most = max(most, change)
      sum = (sum + change).nextUp
    }
    return self == .linf ? most : sum
  }
}
