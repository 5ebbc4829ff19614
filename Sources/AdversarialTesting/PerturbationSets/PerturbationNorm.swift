/// How the size of a change to a sample is measured.
///
/// L-infinity, L2 and L1 are in engineering units; L0 counts the elements that differ.
public enum PerturbationNorm: String, Sendable, Hashable, Codable, CaseIterable {
  case linf = "L-infinity"
  case l2 = "L2"
  case l1 = "L1"
  case l0 = "L0"

  /// The norm of the difference of `count` elements, in the elements' own unit (a count for L0). Sums run
  /// in `Double` in the order of the elements.
  func distance(_ first: [Float], from a: Int, _ second: [Float], from b: Int, count: Int) -> Double
  {
    var total = 0.0
    switch self {
    case .linf:
      for index in 0..<count {
        total = max(total, abs(Double(first[a + index]) - Double(second[b + index])))
      }
    case .l2:
      for index in 0..<count {
        let change = Double(first[a + index]) - Double(second[b + index])
        total += change * change
      }
      total = total.squareRoot()
    case .l1:
      for index in 0..<count { total += abs(Double(first[a + index]) - Double(second[b + index])) }
    case .l0:
      for index in 0..<count where first[a + index] != second[b + index] { total += 1 }
    }
    return total
  }
}
