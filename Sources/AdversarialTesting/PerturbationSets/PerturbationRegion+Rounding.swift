/// From a continuous search point to a reading the sensor can deliver.
extension PerturbationRegion {
  /// Whether readings differ from search points at all.
  var needsRounding: Bool { hasGrid || !set.compiled.oneHotGroups.isEmpty }

  /// Replaces packed search points by readings: one-hot groups chosen, grid codes rounded to the nearest
  /// inside the bounds, then towards the original where the ball was left, then repaired step by step
  /// where a slab was left. Whether all of it succeeded is for the membership test to say.
  func realise(_ packed: inout [Float], rows: [Int]) {
    guard needsRounding else { return }
    for (place, row) in rows.enumerated() {
      chooseOneHot(&packed, at: place * width, row: row)
      guard hasGrid else { continue }
      let isCurved = norm == .l2 || norm == .l1
      let before = isCurved ? Array(packed[place * width..<(place + 1) * width]) : []
      roundToGrid(&packed, at: place * width, row: row, rule: .toNearestOrEven)
      if isCurved, distance(packed, at: place * width, row: row) > radius {
        packed.replaceSubrange(place * width..<(place + 1) * width, with: before)
        roundToGrid(&packed, at: place * width, row: row, rule: .towardZero)
      }
      repairSlabs(&packed, at: place * width, row: row)
    }
  }

  /// The group's element that is relatively highest becomes hot, if that is a change at all.
  private func chooseOneHot(_ packed: inout [Float], at: Int, row: Int) {
    let limits = set.limits
    for group in set.compiled.oneHotGroups {
      let start = row * width
      if group.allSatisfy({ packed[at + $0] == originals[start + $0] }) { continue }
      var best = group[0]
      var bestHeight = -Float.infinity
      for index in group {
        let floor = limits.tensorValue(limits.low[index])
        let height = (packed[at + index] - floor) / (limits.tensorValue(limits.high[index]) - floor)
        if height > bestHeight { (best, bestHeight) = (index, height) }
      }
      let isWritable = group.allSatisfy { limits.writable[$0] }
      for index in group {
        let value = limits.tensorValue(index == best ? limits.high[index] : limits.low[index])
        packed[at + index] = isWritable ? value : originals[start + index]
      }
    }
  }

  /// `towardZero` means towards the original: then no change grows.
  private func roundToGrid(
    _ packed: inout [Float], at: Int, row: Int, rule: FloatingPointRoundingRule
  ) {
    let limits = set.limits
    let grouped = set.compiled.oneHotGroups
    for index in 0..<width where limits.leastSignificantBit[index] > 0 {
      let position = row * width + index
      let point = packed[at + index]
      let original = originals[position]
      if point == original || !grouped.isEmpty && grouped.contains(where: { $0.contains(index) }) {
        continue
      }
      if lowCode[position] > highCode[position] {
        packed[at + index] = original
        continue
      }
      var code = limits.nearestCode(limits.units(point), index)
      if rule == .towardZero {
        let reading = limits.tensorValue(limits.units(ofCode: code, index))
        if point > original, reading > point { code -= 1 }
        if point < original, reading < point { code += 1 }
        let settled = limits.tensorValue(limits.units(ofCode: code, index))
        if (point > original) != (settled > original) {
          packed[at + index] = original
          continue
        }
      }
      let nearest = min(max(code, lowCode[position]), highCode[position])
      packed[at + index] = limits.tensorValue(limits.units(ofCode: nearest, index))
    }
  }

  /// Moves single codes towards the original while a slab is broken by rounding; a bounded number of times.
  private func repairSlabs(_ packed: inout [Float], at: Int, row: Int) {
    let slabs = set.compiled.slabs
    guard !slabs.isEmpty else { return }
    for _ in 0..<2 * width {
      var changed = false
      for (number, slab) in slabs.enumerated() {
        let bounds = slab.bounds(clean: cleanSlabValues[row * slabs.count + number])
        let value = slab.value(packed, from: at)
        let excess =
          value > bounds.high + slab.slack
          ? value - bounds.high : (value < bounds.low - slab.slack ? value - bounds.low : 0)
        if excess != 0 { changed = step(&packed, at, row, slab, excess) || changed }
      }
      if !changed { return }
    }
  }

  /// One code on the element of the slab that cures most of the excess; prefers moves towards the original.
  private func step(
    _ packed: inout [Float], _ at: Int, _ row: Int, _ slab: LinearSlab, _ excess: Double
  ) -> Bool {
    let limits = set.limits
    var best: (index: Int, value: Float, cost: Double)?
    for (index, coefficient) in zip(slab.indices, slab.coefficients)
    where limits.writable[index] && limits.leastSignificantBit[index] > 0 {
      let position = row * width + index
      let code = limits.nearestCode(limits.units(packed[at + index]), index)
      let next = code + ((excess > 0) == (coefficient > 0) ? -1 : 1)
      guard next >= lowCode[position], next <= highCode[position] else { continue }
      let value = limits.tensorValue(limits.units(ofCode: next, index))
      let cured = coefficient * (Double(value) - Double(packed[at + index]))
      let away = abs(value - originals[position]) > abs(packed[at + index] - originals[position])
      let cost = abs(excess + cured) + (away ? abs(cured) / 2 : 0)
      if abs(excess + cured) < abs(excess), cost < best?.cost ?? .infinity {
        best = (index, value, cost)
      }
    }
    guard let best else { return false }
    packed[at + best.index] = best.value
    return true
  }
}
