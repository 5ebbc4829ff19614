/// Relaxations of functions that are straight but for kinks.
///
/// Source: Zhang et al., "Efficient neural network robustness certification with general activation
/// functions" (CROWN), NeurIPS 2018; the slope below a kink is the steeper one where the interval reaches
/// further to its side.
extension LinePair {
  /// x for x ≥ 0, `slope` · x below: Relu with slope 0, LeakyRelu otherwise.
  @inlinable
  public static func leaky(slope: Double, over low: Double, _ high: Double) -> LinePair {
    if low >= 0 { return LinePair(exactly: Line(slope: 1, offset: 0)) }
    if high <= 0 { return LinePair(exactly: Line(slope: slope, offset: 0)) }
    let chord = Line(slope: (high - slope * low) / (high - low), through: high, high)
    let support = Line(slope: high > -low ? 1 : slope, offset: 0)
    return slope <= 1
      ? LinePair(lower: support, upper: chord) : LinePair(lower: chord, upper: support)
  }

  /// |x|.
  public static func magnitude(over low: Double, _ high: Double) -> LinePair {
    leaky(slope: -1, over: low, high)
  }

  /// x held between `least` and `most`.
  public static func clip(
    from least: Double, to most: Double, over low: Double, _ high: Double
  ) -> LinePair {
    if high <= least || least >= most { return LinePair(exactly: .constant(min(least, most))) }
    if low >= most { return LinePair(exactly: .constant(most)) }
    let identity = Line(slope: 1, offset: 0)
    let reach = most - least
    // From the kinks' point of view the interval ends at the other kink, where the function turns flat.
    let upper: Line =
      if high <= most {
        low >= least ? identity : Line(slope: (high - least) / (high - low), through: high, high)
      } else {
        high - most > most - max(low, least)
          ? .constant(most)
          : Line(slope: low >= least ? 1 : reach / (most - low), through: most, most)
      }
    let lower: Line =
      if low >= least {
        high <= most ? identity : Line(slope: (most - low) / (high - low), through: low, low)
      } else {
        least - low > min(high, most) - least
          ? .constant(least)
          : Line(slope: high <= most ? 1 : reach / (high - least), through: least, least)
      }
    return LinePair(lower: lower, upper: upper)
  }
}
