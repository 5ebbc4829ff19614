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
}
