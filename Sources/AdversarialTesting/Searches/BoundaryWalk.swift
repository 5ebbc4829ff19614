import EngineSupport

/// What attacks that see decisions alone share: a first reading that reaches the goal, and bisection back
/// towards the original along the line (L2) or by clamping (L-infinity).
struct BoundaryWalk {
  /// The most random readings tried for a start.
  static let starts = 100

  /// For each row a point that reaches the goal, or `nil`; random readings of the sensor's range.
  static func start(
    _ session: inout SearchSession, asking oracle: inout TargetOracle
  ) throws -> [[Float]?] {
    let region = session.region
    let width = region.width
    var found = [[Float]?](repeating: nil, count: session.count)
    var random = (0..<session.count).map { session.batch.random(row: $0, restart: 0) }
    for attempt in 0..<starts {
      session.retire(unaffordable: 1, asking: oracle)
      let rows = session.active.filter { found[$0] == nil }
      if rows.isEmpty { break }
      var packed = region.gather(region.originals, rows: rows)
      for (place, row) in rows.enumerated() {
        // Blends of noise with the original first, from little noise to none of the original.
        let blend = Float(min(1, Double(attempt % 10 + 1) / 10))
        for index in 0..<width {
          let position = row * width + index
          let draw = Float(random[row].uniform())
          let noise =
            region.rangeLow[position] + (region.rangeHigh[position] - region.rangeLow[position])
            * draw
          packed[place * width + index] += blend * (noise - packed[place * width + index])
        }
        region.project(&packed, at: place * width, row: row, radius: .infinity)
      }
      let points = packed
      let reached = try session.decisions(at: &packed, rows: rows, asking: &oracle)
      for (place, row) in rows.enumerated() where reached[place] {
        found[row] = Array(points[place * width..<(place + 1) * width])
      }
    }
    return found
  }

  /// The point `share` of the way from the original: on the line, or clamped to `share` as a radius.
  static func blend(
    _ point: [Float], share: Double, row: Int, region: PerturbationRegion
  ) -> [Float] {
    let start = row * region.width
    return point.indices.map { index in
      let original = region.originals[start + index]
      if region.norm == .linf {
        let reach = Float(share * region.set.shares[index])
        return min(max(point[index], original - reach), original + reach)
      }
      return Float(
        Double(original) + share * (Double(point[index]) - Double(original)))
    }
  }

  /// The nearest point found by bisection between the original and a point that reaches the goal.
  static func bisect(
    _ point: [Float], row: Int, tolerance: Double, _ session: inout SearchSession,
    asking oracle: inout TargetOracle
  ) throws -> [Float] {
    let region = session.region
    var low = 0.0
    var high = region.norm == .linf ? region.distance(point, at: 0, row: row) : 1
    let threshold = (region.norm == .linf ? high : 1) * tolerance
    while high - low > threshold, oracle.remaining(for: session.batch.samples[row]) > 0 {
      let middle = (low + high) / 2
      if middle <= low || middle >= high { break }
      var packed = blend(point, share: middle, row: row, region: region)
      if try session.decisions(at: &packed, rows: [row], asking: &oracle)[0] {
        high = middle
      } else {
        low = middle
      }
    }
    return blend(point, share: high, row: row, region: region)
  }
}
