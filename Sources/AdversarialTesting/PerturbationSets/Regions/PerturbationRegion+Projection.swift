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

  private func breaksSlab(_ points: [Float], at: Int, row: Int) -> Bool {
    let slabs = set.compiled.slabs
    for (number, slab) in slabs.enumerated() {
      let bounds = slab.bounds(clean: cleanSlabValues[row * slabs.count + number])
      let value = slab.value(points, from: at)
      if value < bounds.low - slab.slack / 2 || value > bounds.high + slab.slack / 2 { return true }
    }
    return false
  }

  private func dykstra(_ points: inout [Float], at: Int, row: Int, radius: Double?) {
    let slabs = set.compiled.slabs
    let bounds = slabs.indices.map {
      slabs[$0].bounds(clean: cleanSlabValues[row * slabs.count + $0])
    }
    var ballCorrection = [Double](repeating: 0, count: width)
    var corrections = [Double](repeating: 0, count: slabs.count)
    for _ in 0..<Self.sweeps {
      var largest = 0.0
      for (number, slab) in slabs.enumerated() {
        // The correction undone and the point projected, both along the slab's normal.
        let value = slab.value(points, from: at) + corrections[number] * slab.squaredNorm
        let target = min(max(value, bounds[number].low), bounds[number].high)
        let next = slab.squaredNorm > 0 ? (value - target) / slab.squaredNorm : 0
        let step = corrections[number] - next
        corrections[number] = next
        largest = max(largest, abs(step) * slab.squaredNorm - slab.slack / 4)
        if step == 0 { continue }
        for (index, coefficient) in zip(slab.indices, slab.coefficients) {
          points[at + index] = Float(Double(points[at + index]) + step * coefficient)
        }
      }
      for index in 0..<width {
        ballCorrection[index] += Double(points[at + index])
        points[at + index] = Float(ballCorrection[index])
      }
      projectOntoBall(&points, at: at, row: row, radius: radius)
      for index in 0..<width { ballCorrection[index] -= Double(points[at + index]) }
      if largest <= 0, !breaksSlab(points, at: at, row: row) { break }
    }
  }

  /// Shrinks the change until every slab holds to half its slack; convexity makes that always possible.
  private func pullBack(_ points: inout [Float], at: Int, row: Int) {
    let slabs = set.compiled.slabs
    var share = 1.0
    for (number, slab) in slabs.enumerated() {
      let clean = cleanSlabValues[row * slabs.count + number]
      let bounds = slab.bounds(clean: clean)
      let value = slab.value(points, from: at)
      let ceiling = bounds.high + slab.slack / 2
      let floor = bounds.low - slab.slack / 2
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
