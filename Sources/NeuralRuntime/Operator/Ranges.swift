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

extension IntervalTensor {
  subscript(index: Int) -> Ranges.Range { (lower.elements[index], upper.elements[index]) }

  init(shape: [Int], _ ranges: [Ranges.Range]) {
    self.init(
      lower: Tensor(shape: shape, elements: ranges.map(\.low)),
      upper: Tensor(shape: shape, elements: ranges.map(\.high)))
  }
}
