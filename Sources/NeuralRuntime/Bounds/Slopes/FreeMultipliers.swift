import TensorCore

/// The multipliers of one value's known signs (β-CROWN).
///
/// Source: Wang et al., "Beta-CROWN: efficient bound propagation with per-neuron split constraints for neural network
/// robustness verification", NeurIPS 2021.
struct FreeMultipliers {
  let value: Int
  let places: [Int]
  /// 1 where the element is at least 0, −1 where it is at most 0.
  let signs: [Double]
  private var sizes: [Double]
  private var moments: [(first: Double, second: Double)]

  init(value: Int, places: [Int], signs: [Double]) {
    self.value = value
    self.places = places
    self.signs = signs
    sizes = Array(repeating: 0, count: places.count)
    moments = Array(repeating: (0, 0), count: places.count)
  }

  /// One step of Adam uphill; the bound's derivative by a multiplier is minus the value it multiplies.
  mutating func ascended(values: [Double]?, count: Int, step number: Int) -> [Double] {
    var result = [Double](repeating: 0, count: count)
    let rate = 0.2 * PortableMath.pow(0.9, Double(number))
    let corrections = (
      1 - PortableMath.pow(0.9, Double(number + 1)), 1 - PortableMath.pow(0.99, Double(number + 1))
    )
    for (index, place) in places.enumerated() {
      let slope = -signs[index] * (values?[place] ?? 0)
      if slope.isFinite {
        moments[index].first = 0.9 * moments[index].first + 0.1 * slope
        moments[index].second = 0.99 * moments[index].second + 0.01 * slope * slope
        let size = (moments[index].second / corrections.1).squareRoot()
        if size > 0 {
          sizes[index] = max(
            0, sizes[index] + rate * (moments[index].first / corrections.0) / size)
        }
      }
      result[place] = signs[index] * sizes[index]
    }
    return result
  }
}
