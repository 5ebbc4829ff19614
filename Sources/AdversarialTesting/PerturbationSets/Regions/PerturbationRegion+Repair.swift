/// Mends rules that rounding onto the grid has broken, one code at a time.
extension PerturbationRegion {
  /// Moves single codes while that lowers the sum by which slabs are broken; a bounded number of times.
  func repairSlabs(_ packed: inout [Float], at: Int, row: Int) {
    let slabs = set.compiled.slabs
    guard !slabs.isEmpty, leavesSlab(packed, at: at, row: row) else { return }
    let bounds = slabs.indices.map {
      slabs[$0].bounds(clean: cleanSlabValues[row * slabs.count + $0])
    }
    var values = slabs.map { $0.value(packed, from: at) }
    func excess(_ number: Int, _ value: Double) -> Double {
      max(0, value - bounds[number].high, bounds[number].low - value)
    }
    for _ in 0..<4 * width {
      guard
        let worst = slabs.indices.filter({ excess($0, values[$0]) > slabs[$0].slack }).max(by: {
          excess($0, values[$0]) < excess($1, values[$1])
        })
      else { return }
      var best: (index: Int, value: Float, change: Double)?
      for index in slabs[worst].indices {
        for step in [-1.0, 1] {
          guard let value = neighbour(packed[at + index], index, row: row, by: step) else {
            continue
          }
          let moved = Double(value) - Double(packed[at + index])
          var change = 0.0
          for number in set.compiled.slabsOfElement[index] {
            let shift = slabs[number].coefficient(of: index) * moved
            change += excess(number, values[number] + shift) - excess(number, values[number])
          }
          if change < best?.change ?? 0 { best = (index, value, change) }
        }
      }
      guard let best else { return }
      let moved = Double(best.value) - Double(packed[at + best.index])
      packed[at + best.index] = best.value
      for number in set.compiled.slabsOfElement[best.index] {
        values[number] += slabs[number].coefficient(of: best.index) * moved
      }
    }
  }

  /// Whether a slab is left by more than its slack.
  private func leavesSlab(_ packed: [Float], at: Int, row: Int) -> Bool {
    let first = row * slabs.count
    for slab in 0..<slabs.count {
      let value = slabs.value(slab, packed.span, from: at)
      let excess = max(0, value - slabHigh[first + slab], slabLow[first + slab] - value)
      if excess > slabs.slack[slab] { return true }
    }
    return false
  }

  /// The reading one code away, where the element is on a grid, can be written and stays in its bounds.
  private func neighbour(_ value: Float, _ index: Int, row: Int, by step: Double) -> Float? {
    let limits = set.limits
    guard limits.writable[index], limits.leastSignificantBit[index] > 0 else { return nil }
    let position = row * width + index
    let code = limits.nearestCode(limits.units(value), index) + step
    guard code >= lowCode[position], code <= highCode[position] else { return nil }
    return limits.tensorValue(limits.units(ofCode: code, index))
  }
}
