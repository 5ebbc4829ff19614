import TensorCore

/// Arithmetic of ranges of one number, rounded outwards in `Double`: the parts that bounds of compound
/// operators are put together from.
enum Ranges {
  typealias Range = (low: Double, high: Double)

  /// 0 times infinity is 0: an end that cannot be known does not spoil an exact zero.
  private static func times(_ a: Double, _ b: Double) -> Double { a == 0 || b == 0 ? 0 : a * b }

  static func product(_ a: Range, _ b: Range) -> Range {
    let corners = [
      times(a.low, b.low), times(a.low, b.high), times(a.high, b.low), times(a.high, b.high),
    ]
    var result: Range = (corners[0], corners[0])
    for corner in corners.dropFirst() {
      result.low = min(result.low, corner)
      result.high = max(result.high, corner)
    }
    guard result.low <= result.high else { return (-.infinity, .infinity) }
    return (result.low.nextDown, result.high.nextUp)
  }

  static func sum(_ a: Range, _ b: Range) -> Range {
    ((a.low + b.low).nextDown, (a.high + b.high).nextUp)
  }

  /// Of magnitudes.
  static func magnitude(_ a: Range) -> Range {
    a.low <= 0 && a.high >= 0
      ? (0, max(-a.low, a.high)) : (min(abs(a.low), abs(a.high)), max(abs(a.low), abs(a.high)))
  }

  static func square(_ a: Range) -> Range {
    let size = magnitude(a)
    return (max((size.low * size.low).nextDown, 0), (size.high * size.high).nextUp)
  }

  static func intersection(_ a: Range, _ b: Range) -> Range {
    (max(a.low, b.low), min(a.high, b.high))
  }
}

/// The new state of a GRU.
extension Ranges {
  /// (1 − z)·candidate + z·state: where z is a share, the ends are met at the ends of the three.
  static func mixture(_ z: Range, _ candidate: Range, _ state: Range) -> Range {
    let room = mixtureError(z, candidate, state)
    guard z.low >= -0x1p-20, z.high <= 1 + 0x1p-20 else {
      let total = sum(
        product((1 - z.high, 1 - z.low), candidate), product(z, state))
      return (total.low - room, total.high + room)
    }
    func mix(_ z: Double, _ a: Double, _ b: Double) -> Double { (1 - z) * a + z * b }
    // Shares a few ulps outside [0, 1] turn the ends by no more than the room.
    let slack = 0x1p-18 * (magnitude(candidate).high + magnitude(state).high)
    return (
      min(mix(z.low, candidate.low, state.low), mix(z.high, candidate.low, state.low)) - room
        - slack,
      max(mix(z.low, candidate.high, state.high), mix(z.high, candidate.high, state.high)) + room
        + slack
    )
  }

  /// How far a mixture computed in `Float`, in any of its usual forms, may be off.
  static func mixtureError(_ z: Range, _ candidate: Range, _ state: Range) -> Double {
    OutwardRounding.error(
      ofSum: 4,
      magnitude: (1 + magnitude(z).high) * (magnitude(candidate).high + magnitude(state).high))
  }
}

extension IntervalTensor {
  subscript(index: Int) -> Ranges.Range { (lower.elements[index], upper.elements[index]) }

  init(shape: [Int], _ ranges: [Ranges.Range]) {
    self.init(
      lower: Tensor(shape: shape, elements: ranges.map(\.low)),
      upper: Tensor(shape: shape, elements: ranges.map(\.high)))
  }
}
