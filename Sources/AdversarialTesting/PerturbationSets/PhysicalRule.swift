/// A law of the sensor or the plant that an attacker's reading must obey to pass for a measurement.
///
/// Rules are part of the hashed plan. A clean sample that breaks a rule may stay as far outside as it is,
/// so that leaving a sample alone is always allowed. Figures are in engineering units. `axis` is the time
/// axis of the sample's shape; the other axes are channels, counted in row-major order, and a rule about
/// time holds for all of them unless it names some.
public enum PhysicalRule: Sendable, Hashable, Codable {
  /// Change from one sampling instant to the next: at most `rise` up and `fall` down.
  case slew(axis: Int, rise: Double, fall: Double, channels: [Int]? = nil)
  /// A totaliser: never falls from one sampling instant to the next.
  case monotone(axis: Int, channels: [Int]? = nil)
  /// The change holds nothing above `cutoff` (a share of the Nyquist frequency, in (0, 1]): each higher
  /// coefficient of its orthonormal cosine transform (DCT-II) is at most `tolerance`.
  case bandwidth(axis: Int, cutoff: Double, tolerance: Double, channels: [Int]? = nil)
  /// The attacker can move the sampling instants by up to `periods`: every element may also take the values
  /// that the linearly interpolated clean signal has within that time. Only with the L-infinity norm.
  case samplingJitter(axis: Int, periods: Double)
  /// A x = b for one row: the terms' sum stays within `tolerance` of `target`.
  case balance(terms: [Term], target: Double, tolerance: Double)
  /// Exactly one of the elements is at the high end of its range, the others at the low end.
  case oneHot(elements: [Int])
  /// The attacker can only raise these elements.
  case onlyUp(elements: [Int])
  /// The attacker can only lower these elements.
  case onlyDown(elements: [Int])

  /// One coefficient of a balance, for the element at `index` of the flattened sample.
  public struct Term: Sendable, Hashable, Codable {
    public var index: Int
    public var coefficient: Double

    public init(index: Int, coefficient: Double) {
      self.index = index
      self.coefficient = coefficient
    }
  }
}
