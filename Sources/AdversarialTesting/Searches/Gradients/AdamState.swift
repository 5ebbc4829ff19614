import TensorCore

/// First and second moments of Adam, one pair for each variable.
///
/// Source: Kingma, Ba, "Adam: a method for stochastic optimization", ICLR 2015 (0.9, 0.999, 1e-8).
struct AdamState {
  private static let decay = (first: 0.9, second: 0.999)

  private var first: [Double]
  private var second: [Double]
  private var powers = (first: 1.0, second: 1.0)

  init(count: Int) {
    first = Array(repeating: 0, count: count)
    second = first
  }

  /// Begins a step; every variable's `step` follows.
  mutating func advance() {
    powers.first *= Self.decay.first
    powers.second *= Self.decay.second
  }

  /// The normalised step of one variable.
  mutating func step(_ index: Int, slope: Double) -> Double {
    first[index] = Self.decay.first * first[index] + (1 - Self.decay.first) * slope
    second[index] = Self.decay.second * second[index] + (1 - Self.decay.second) * slope * slope
    let mean = first[index] / (1 - powers.first)
    return mean / ((second[index] / (1 - powers.second)).squareRoot() + 1e-8)
  }
}
