/// The smallest change, in a norm, that carries a point in a box onto a hyperplane.
///
/// Solves min ‖d‖ subject to w · d = distance and low ≤ x + d ≤ high; where the box ends before the plane,
/// the change goes as far as the box allows. The building block of DeepFool and FAB. A value of this type is
/// the working memory of one solution after another, so that a search allocates none.
/// Source: Croce, Hein, "Minimally distorted adversarial examples with a fast adaptive boundary attack",
/// ICML 2020, section 3.1.
struct HyperplaneStep {
  private typealias Lanes = SIMD8<Double>

  private let count: Int
  private let blocks: Int
  private let norm: PerturbationNorm
  /// |w|, how far each element can move towards the plane, and how fast it moves, one after the other; eight
  /// elements a vector, the last filled up with elements that cannot move.
  private var lanes: [Lanes]

  /// For samples of `count` elements; `shares` is what one unit of L-infinity means for each.
  init(count: Int, norm: PerturbationNorm, shares: [Double]) {
    self.count = count
    self.norm = norm
    blocks = (count + 7) / 8
    lanes = Array(repeating: .zero, count: 3 * blocks)
    guard norm == .linf else { return }
    for index in 0..<count { lanes[2 * blocks + index / 8][index % 8] = shares[index] }
  }

  /// - Parameters:
  ///   - weights: normal of the plane, from `from` on.
  ///   - distance: w · d to reach, of either sign.
  ///   - point: the point, from `at` on; `low` and `high` are its box, from `row` on.
  ///   - change: receives d from its start.
  mutating func solve(
    weights: [Float], from: Int, distance: Double, point: [Float], at: Int, low: [Float],
    high: [Float], row: Int, into change: inout [Float]
  ) {
    let direction: Float = distance < 0 ? -1 : 1
    let (count, padded) = (count, 8 * blocks)
    let slopes = weights.span.extracting(from..<from + count)
    let places = point.span.extracting(at..<at + count)
    let floors = low.span.extracting(row..<row + count)
    let ceilings = high.span.extracting(row..<row + count)
    unsafe lanes.withUnsafeMutableBytes { bytes in
      let numbers = unsafe bytes.bindMemory(to: Double.self)
      for index in 0..<count {
        let slope = slopes[index]
        let here = Double(places[index])
        let room =
          slope * direction > 0 ? Double(ceilings[index]) - here : here - Double(floors[index])
        unsafe numbers[index] = abs(Double(slope))
        unsafe numbers[padded + index] = max(0, room)
      }
    }
    let goal = abs(distance)
    if norm == .l1 || norm == .l0 {
      fillGreedily(goal, into: &change)
    } else {
      fill(&change, after: time(to: goal))
    }
    for index in 0..<count where weights[from + index] * direction <= 0 {
      change[index] = -change[index]
    }
  }

  /// Every element moves at its rate until its room ends; at this time the plane is reached. The covered
  /// distance is concave in time, so Newton steps from below rise to the solution. Sums have eight lanes.
  private func time(to goal: Double) -> Double {
    let rates = norm == .linf ? 2 * blocks : 0
    var time = 0.0
    for _ in 0..<64 {
      var covered = Lanes.zero
      var slope = Lanes.zero
      let times = Lanes(repeating: time)
      for block in 0..<blocks {
        let (size, room, rate) = (lanes[block], lanes[blocks + block], lanes[rates + block])
        let ahead = times * rate
        let isFree = ahead .< room
        covered += size * room.replacing(with: ahead, where: isFree)
        slope += (size * rate).replacing(with: 0, where: .!isFree)
      }
      let left = goal - Self.sum(covered)
      let rate = Self.sum(slope)
      guard rate > 0, left > 1e-12 * goal else { break }
      time += left / rate
    }
    return time
  }

  private func fill(_ change: inout [Float], after time: Double) {
    let (count, padded) = (count, 8 * blocks)
    let rates = norm == .linf ? 2 * padded : 0
    unsafe lanes.withUnsafeBytes { bytes in
      let numbers = unsafe bytes.bindMemory(to: Double.self)
      for index in 0..<count {
        let length = unsafe min(time * numbers[rates + index], numbers[padded + index])
        change[index] = unsafe numbers[index] > 0 ? Float(length) : 0
      }
    }
  }

  /// A fixed tree, so that the sum is the same everywhere.
  private static func sum(_ lanes: Lanes) -> Double {
    let four = lanes.lowHalf + lanes.highHalf
    let two = four.lowHalf + four.highHalf
    return two[0] + two[1]
  }

  /// The steepest elements first (L1), or those with the most to give (L0); ties go to the lower place.
  private func fillGreedily(_ goal: Double, into change: inout [Float]) {
    func size(_ index: Int) -> Double { lanes[index / 8][index % 8] }
    func room(_ index: Int) -> Double { lanes[blocks + index / 8][index % 8] }
    func key(_ index: Int) -> Double { norm == .l1 ? size(index) : size(index) * room(index) }
    var left = goal
    for index in 0..<count { change[index] = 0 }
    let order = (0..<count).filter { size($0) > 0 }.sorted {
      key($0) > key($1) || key($0) == key($1) && $0 < $1
    }
    for index in order where left > 0 {
      let length = min(room(index), left / size(index))
      change[index] = Float(length)
      left -= length * size(index)
    }
  }
}
