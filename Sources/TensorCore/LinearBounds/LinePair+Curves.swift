/// Relaxations of smooth functions by chords and tangents.
///
/// Source: Zhang et al., "Efficient neural network robustness certification with general activation
/// functions" (CROWN), NeurIPS 2018, section 3 and appendix; the test of a tangent replaces its exact search.
extension LinePair {
  /// What is known of how a function bends.
  public enum Curvature: Sendable, Hashable {
    case convex
    case concave
    /// Convex below this place, concave above it, and rising.
    case sigmoidal(around: Double)
    /// The derivative changes by at most this much for each unit of x.
    case bounded(Double)
  }

  /// A function with its derivative over an interval on which it bends as said.
  public static func curve(
    _ curvature: Curvature, over low: Double, _ high: Double,
    value: (Double) -> Double, derivative: (Double) -> Double
  ) -> LinePair? {
    guard low.isFinite, high.isFinite else { return nil }
    guard high - low > 0x1p-20 * max(abs(low), abs(high)), high - low > 0x1p-100 else { return nil }
    let (a, b) = (value(low), value(high))
    guard a.isFinite, b.isFinite else { return nil }
    let chord = Line(slope: (b - a) / (high - low), through: low, a)
    let middle = low / 2 + high / 2
    func tangent(at x: Double) -> Line { Line(slope: derivative(x), through: x, value(x)) }
    let pair: LinePair
    switch curvature {
    case .convex: pair = LinePair(lower: tangent(at: middle), upper: chord)
    case .concave: pair = LinePair(lower: chord, upper: tangent(at: middle))
    case .sigmoidal(let centre):
      if low >= centre {
        pair = LinePair(lower: chord, upper: tangent(at: middle))
      } else if high <= centre {
        pair = LinePair(lower: tangent(at: middle), upper: chord)
      } else {
        // A tangent of the concave side is above that side; above the convex side it need only be above the
        // far end. Where no tangent is, the chord is.
        let upper = nearest(from: centre, to: high) { tangent(at: $0)(low) >= a }
        let lower = nearest(from: centre, to: low) { tangent(at: $0)(high) <= b }
        pair = LinePair(
          lower: lower.map(tangent(at:)) ?? chord, upper: upper.map(tangent(at:)) ?? chord)
      }
    case .bounded(let limit):
      pair = band(around: chord.slope, bending: limit, over: low, high, value)
    }
    let numbers = [pair.lower.slope, pair.lower.offset, pair.upper.slope, pair.upper.offset]
    return numbers.allSatisfy(\.isFinite) ? pair : nil
  }

  /// The place nearest to `start` that passes a test which every place further on passes too; nil where
  /// even `end` fails.
  private static func nearest(
    from start: Double, to end: Double, passing test: (Double) -> Bool
  ) -> Double? {
    guard test(end) else { return nil }
    var (fails, passes) = (start, end)
    for _ in 0..<30 {
      let middle = fails / 2 + passes / 2
      if test(middle) { passes = middle } else { fails = middle }
    }
    return passes
  }

  /// Two parallel lines: between sampled places a function strays from its chords by at most limit · h² / 8.
  private static func band(
    around slope: Double, bending limit: Double, over low: Double, _ high: Double,
    _ value: (Double) -> Double
  ) -> LinePair {
    let cells = 64
    let step = (high - low) / Double(cells)
    var least = Double.infinity
    var most = -Double.infinity
    for cell in 0...cells {
      let x = cell == cells ? high : low + Double(cell) * step
      let rest = value(x) - slope * x
      least = min(least, rest)
      most = max(most, rest)
    }
    let stray = limit * step * step * 0.126
    return LinePair(
      lower: Line(slope: slope, offset: least - stray),
      upper: Line(slope: slope, offset: most + stray))
  }
}
