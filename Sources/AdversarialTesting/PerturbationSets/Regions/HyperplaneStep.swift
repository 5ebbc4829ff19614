/// The smallest change, in a norm, that carries a point in a box onto a hyperplane.
///
/// Solves min ‖d‖ subject to w · d = distance and low ≤ x + d ≤ high; where the box ends before the plane,
/// the change goes as far as the box allows. The building block of DeepFool and FAB.
/// Source: Croce, Hein, "Minimally distorted adversarial examples with a fast adaptive boundary attack",
/// ICML 2020, section 3.1.
enum HyperplaneStep {
  /// - Parameters:
  ///   - weights: normal of the plane, from `from` on.
  ///   - distance: w · d to reach, of either sign.
  ///   - shares: what one unit of L-infinity means for each element.
  ///   - change: receives d from `to` on.
  static func solve(
    weights: [Float], from: Int, distance: Double, point: [Float], at: Int, low: [Float],
    high: [Float], row: Int, count: Int, norm: PerturbationNorm, shares: [Double],
    into change: inout [Float], to: Int
  ) {
    let direction = distance < 0 ? -1.0 : 1.0
    let goal = abs(distance)
    func room(_ index: Int) -> Double {
      let rises = Double(weights[from + index]) * direction > 0
      return max(
        0,
        rises
          ? Double(high[row + index]) - Double(point[at + index])
          : Double(point[at + index]) - Double(low[row + index]))
    }
    func size(_ index: Int) -> Double { abs(Double(weights[from + index])) }
    func set(_ index: Int, _ length: Double) {
      let rises = Double(weights[from + index]) * direction > 0
      change[to + index] = Float(rises ? length : -length)
    }
    if norm == .l1 || norm == .l0 {
      var left = goal
      for index in 0..<count { change[to + index] = 0 }
      let order = (0..<count).filter { size($0) > 0 }.sorted {
        let (a, b) = norm == .l1 ? (size($0), size($1)) : (size($0) * room($0), size($1) * room($1))
        return a > b || a == b && $0 < $1
      }
      for index in order where left > 0 {
        let length = min(room(index), left / size(index))
        set(index, length)
        left -= length * size(index)
      }
      return
    }
    // The covered distance is concave in t, so Newton steps from below rise to the solution.
    func rate(_ index: Int) -> Double { norm == .linf ? shares[index] : size(index) }
    var t = 0.0
    for _ in 0..<64 {
      var covered = 0.0
      var slope = 0.0
      for index in 0..<count {
        let (size, room, rate) = (size(index), room(index), rate(index))
        if t * rate < room {
          covered += size * t * rate
          slope += size * rate
        } else {
          covered += size * room
        }
      }
      guard slope > 0, goal - covered > 1e-12 * goal else { break }
      t += (goal - covered) / slope
    }
    for index in 0..<count { set(index, size(index) > 0 ? min(t * rate(index), room(index)) : 0) }
  }
}
