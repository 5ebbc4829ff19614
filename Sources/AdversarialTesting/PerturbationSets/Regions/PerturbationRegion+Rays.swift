/// How far the region reaches along a given direction, for attacks that must not bend it.
extension PerturbationRegion {
  /// The largest t for which the original plus t times the direction stays in the region; infinite for a
  /// zero direction.
  func longestShare(of direction: [Double], row: Int) -> Double {
    var share = Double.infinity
    var length = 0.0
    for index in 0..<width where direction[index] != 0 {
      let position = row * width + index
      let end = direction[index] > 0 ? high[position] : low[position]
      share = min(share, (Double(end) - Double(originals[position])) / direction[index])
      switch norm {
      case .linf: break
      case .l2: length += direction[index] * direction[index]
      case .l1: length += abs(direction[index])
      case .l0: length += 1
      }
    }
    if norm == .l0, length > radius { return 0 }
    if norm == .l1 { share = min(share, radius * (1 - 0x1p-20) / length) }
    if norm == .l2 { share = min(share, radius * (1 - 0x1p-20) / length.squareRoot()) }
    let slabs = set.compiled.slabs
    for (number, slab) in slabs.enumerated() {
      let clean = cleanSlabValues[row * slabs.count + number]
      let bounds = slab.bounds(clean: clean)
      let slope = slab.value(direction)
      if slope > 0 { share = min(share, (bounds.high - clean) / slope) }
      if slope < 0 { share = min(share, (bounds.low - clean) / slope) }
    }
    return share.isNaN ? 0 : max(0, share)
  }
}
