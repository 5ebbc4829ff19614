/// Projections of search points back into the region.
extension PerturbationRegion {
  private static let sweeps = 200

  /// Moves the point to the nearest one of the region: the closed form for box and ball, and with slew,
  /// balance or bandwidth rules Dykstra's alternating projections, ended by a pull towards the clean
  /// sample (which obeys every rule) so that the result always obeys them.
  ///
  /// - Parameter radius: of the ball instead of the set's own, in tensor units (a count for L0).
  /// Source: Boyle, Dykstra, "A method for finding projections onto the intersection of convex sets in
  /// Hilbert spaces", 1986.
  func project(_ points: inout [Float], at: Int, row: Int, radius: Double? = nil) {
    guard !set.compiled.slabs.isEmpty else {
      projectOntoBall(&points, at: at, row: row, radius: radius)
      return
    }
    let start = Array(points[at..<at + width])
    projectOntoBall(&points, at: at, row: row, radius: radius)
    // Nearest of the ball and obeying every rule, hence nearest of both.
    guard breaksSlab(points, at: at, row: row) else { return }
    if norm != .l0 {
      points.replaceSubrange(at..<at + width, with: start)
      dykstra(&points, at: at, row: row, radius: radius)
      projectOntoBall(&points, at: at, row: row, radius: radius)
    }
    pullBack(&points, at: at, row: row)
  }

  func projectOntoBall(_ points: inout [Float], at: Int, row: Int, radius: Double?) {
    let start = row * width
    if norm == .linf, let radius {
      for index in 0..<width {
        let reach = Float(radius * set.shares[index])
        let floor = max(rangeLow[start + index], innerLow[start + index] - reach)
        let ceiling = min(rangeHigh[start + index], innerHigh[start + index] + reach)
        points[at + index] = min(max(points[at + index], floor), ceiling)
      }
    } else if norm == .linf || !(radius ?? self.radius).isFinite {
      for index in 0..<width {
        let moved = points[at + index]
        let raised = moved < low[start + index] ? low[start + index] : moved
        points[at + index] = raised > high[start + index] ? high[start + index] : raised
      }
    } else {
      BallProjection.project(
        &points, at: at, centre: originals, low: rangeLow, high: rangeHigh, row: start,
        count: width, norm: norm, radius: radius ?? self.radius)
    }
  }

  /// Whether a slab is left by more than half its slack.
  private func breaksSlab(_ points: [Float], at: Int, row: Int) -> Bool {
    let points = points.span
    let first = row * slabs.count
    for slab in 0..<slabs.count {
      let value = slabs.value(slab, points, from: at)
      let room = slabs.slack[slab] / 2
      if value < slabLow[first + slab] - room || value > slabHigh[first + slab] + room {
        return true
      }
    }
    return false
  }

  private func dykstra(_ points: inout [Float], at: Int, row: Int, radius: Double?) {
    var ballCorrection = [Double](repeating: 0, count: width)
    var corrections = [Double](repeating: 0, count: slabs.count)
    for _ in 0..<Self.sweeps {
      let largest = sweep(&points, at: at, row: row, &corrections)
      for index in 0..<width {
        ballCorrection[index] += Double(points[at + index])
        points[at + index] = Float(ballCorrection[index])
      }
      projectOntoBall(&points, at: at, row: row, radius: radius)
      for index in 0..<width { ballCorrection[index] -= Double(points[at + index]) }
      if largest <= 0, !breaksSlab(points, at: at, row: row) { break }
    }
  }

  /// Projects onto one slab after the other.
  ///
  /// - Returns: The largest move beyond a quarter of its slab's slack, at least 0.
  private func sweep(
    _ points: inout [Float], at: Int, row: Int, _ corrections: inout [Double]
  ) -> Double {
    var largest = 0.0
    let first = row * slabs.count
    var points = points.mutableSpan
    var corrections = corrections.mutableSpan
    for slab in 0..<slabs.count {
      // The correction undone and the point projected, both along the slab's normal.
      let length = slabs.squaredNorm[slab]
      let value = slabs.value(slab, points.span, from: at) + corrections[slab] * length
      let target = min(max(value, slabLow[first + slab]), slabHigh[first + slab])
      let next = length > 0 ? (value - target) / length : 0
      let step = corrections[slab] - next
      corrections[slab] = next
      largest = max(largest, abs(step) * length - slabs.slack[slab] / 4)
      if step == 0 { continue }
      slabs.move(slab, &points, from: at, by: step)
    }
    return largest
  }

  /// Shrinks the change until every slab holds to half its slack; convexity makes that always possible.
  private func pullBack(_ points: inout [Float], at: Int, row: Int) {
    var share = 1.0
    for slab in 0..<slabs.count {
      let clean = cleanSlabValues[row * set.compiled.slabs.count + slabs.numbers[slab]]
      let value = slabs.value(slab, points.span, from: at)
      let ceiling = slabHigh[row * slabs.count + slab] + slabs.slack[slab] / 2
      let floor = slabLow[row * slabs.count + slab] - slabs.slack[slab] / 2
      if value > ceiling { share = min(share, (ceiling - clean) / (value - clean)) }
      if value < floor { share = min(share, (clean - floor) / (clean - value)) }
    }
    guard share < 1 else { return }
    for index in 0..<width {
      let original = originals[row * width + index]
      let change = Double(points[at + index]) - Double(original)
      points[at + index] = Float(Double(original) + max(0, share) * change)
    }
  }
}
