import TensorCore

/// What can be read where a place has a range: the weights at every position of it.
extension PlaceSampling {
  /// A source with the range of its weight; a negative source is outside.
  struct WeightRange: Sendable {
    var source: Int
    var range: Ranges.Range
  }

  /// How far a weight computed in `Float` may be off at a position that is known.
  var weightError: Double { mode == .cubic ? 0x1p-17 : 0 }

  /// The most that the magnitudes of an axis's weights add up to.
  var weightSum: Double { mode == .cubic ? 1.375 : 1 }

  /// Stencils such that the reading at any position of the range lies between those of two stencils, for any values;
  /// nil where there would be more than `most`, or where some position cannot be known.
  func stencils(over place: Ranges.Range, _ length: Int, most: Int) -> [[WeightRange]]? {
    // A position takes a sum and a product of the size of (|place| + 1) · length, each rounded, and a few roundings
    // more behind a mirror.
    func room(_ place: Double) -> Double { (abs(place) + 1) * Double(length) * 0x1p-19 }
    var low = position(place.low, length) - room(place.low)
    var high = position(place.high, length) + room(place.high)
    guard padding == .border || isInReach(low) && isInReach(high) else { return nil }
    if padding != .reflection {
      // Farther out nothing changes any more.
      low = min(max(low, -2), Double(length) + 1)
      high = min(max(high, -2), Double(length) + 1)
    }
    guard low <= high else { return nil }
    if mode == .cubic { return cubicStencils(low, high, length, most: most) }
    let (first, last) = image(low, high, Double(length))
    if mode == .nearest {
      let (from, to) = (Int((first - 0.5).rounded(.up)), Int((last + 0.5).rounded(.down)))
      guard to - from < most else { return nil }
      return (from...max(from, to)).map { [WeightRange(source: source($0, length), range: (1, 1))] }
    }
    // The reading is linear between whole positions.
    var ends = [first, last]
    let (from, to) = (Int(first.rounded(.up)), Int(last.rounded(.down)))
    guard to - from < most - 2 else { return nil }
    if from <= to { ends += (from...to).map { Double($0) } }
    return ends.map { end in
      taps(at: end, length).map {
        WeightRange(source: $0.source, range: ($0.factor, $0.factor))
      }
    }
  }

  /// Where a range of positions ends up when it is brought to the border or mirrored.
  private func image(_ low: Double, _ high: Double, _ size: Double) -> Ranges.Range {
    let ends = (moved(low, size), moved(high, size))
    var range = Ranges.Range(min(ends.0, ends.1), max(ends.0, ends.1))
    guard padding == .reflection else { return range }
    let (mirror, span) = mirrors(size)
    guard span > 0 else { return (0, 0) }
    // Between two mirrors the image follows the position; at a mirror it turns round.
    let (from, to) = (
      ((low - mirror) / span).rounded(.up), ((high - mirror) / span).rounded(.down)
    )
    if to > from { return (0, size - 1) }
    if from == to {
      let isFirst = from.truncatingRemainder(dividingBy: 2) == 0
      if isFirst { range.low = 0 } else { range.high = size - 1 }
    }
    return range
  }

  /// Pieces of at most an eighth between two whole positions, over each of which a weight has a range.
  private func cubicStencils(
    _ low: Double, _ high: Double, _ length: Int, most: Int
  ) -> [[WeightRange]]? {
    let (from, to) = ((low * 8).rounded(.down), (high * 8).rounded(.down))
    guard to - from < Double(most) else { return nil }
    return (Int(from)...Int(to)).map { piece in
      let start = max(low, Double(piece) / 8)
      let end = min(high, Double(piece + 1) / 8)
      let first = Int((Double(piece) / 8).rounded(.down))
      return (-1...2).map { index in
        let center = Double(first + index)
        return WeightRange(
          source: source(first + index, length),
          range: Self.cubic(from: abs(start - center), to: abs(end - center)))
      }
    }
  }

  /// The weights over distances on one side of an element: they fall to 4/3 and rise again to 2.
  private static func cubic(from one: Double, to other: Double) -> Ranges.Range {
    let ends = (cubic(one), cubic(other))
    var range = Ranges.Range(min(ends.0, ends.1), max(ends.0, ends.1))
    if min(one, other) < 4.0 / 3, max(one, other) > 4.0 / 3 { range.low = cubic(4.0 / 3) }
    return (range.low - 0x1p-40, range.high + 0x1p-40)
  }
}
