/// Two parallel half-spaces: a linear function of a sample must stay between two values.
///
/// Slew limits, monotone signals, balances and bandwidth all have this form. Values are in the tensor's
/// own numbers. A clean sample outside its own slab may stay where it is but not move further out.
struct LinearSlab: Sendable, Hashable {
  let indices: [Int]
  let coefficients: [Double]
  let low: Double
  let high: Double
  /// What the comparison forgives: a millionth of the range that the function has over the sensor's range.
  let slack: Double
  /// Whether `low` and `high` bound the function of the change instead of the sample.
  let isRelative: Bool
  let squaredNorm: Double

  init(
    indices: [Int], coefficients: [Double], low: Double, high: Double, slack: Double,
    isRelative: Bool = false
  ) {
    self.isRelative = isRelative
    self.indices = indices
    self.coefficients = coefficients
    self.low = low
    self.high = high
    self.slack = slack
    squaredNorm = coefficients.reduce(0) { $0 + $1 * $1 }
  }

  func value(_ elements: [Float], from start: Int) -> Double {
    var sum = 0.0
    for (index, coefficient) in zip(indices, coefficients) {
      sum += coefficient * Double(elements[start + index])
    }
    return sum
  }

  func coefficient(of index: Int) -> Double {
    indices.firstIndex(of: index).map { coefficients[$0] } ?? 0
  }

  func value(_ elements: [Double]) -> Double {
    var sum = 0.0
    for (index, coefficient) in zip(indices, coefficients) { sum += coefficient * elements[index] }
    return sum
  }

  /// The values a sample may have whose clean value is `clean`.
  func bounds(clean: Double) -> (low: Double, high: Double) {
    isRelative ? (clean + low, clean + high) : (min(low, clean), max(high, clean))
  }
}
