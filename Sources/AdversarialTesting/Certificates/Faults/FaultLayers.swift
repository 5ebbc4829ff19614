import TensorCore

/// The coefficients of a window's readings in the parameters of a fault, while the delay stays between two instants.
///
/// Matrices are `[parameters, elements]`, row-major.
struct FaultLayers: Sendable {
  /// Readings where every parameter is 0.
  private(set) var base: [Double]
  /// Of the delayed reading alone.
  private(set) var late: [Double]
  /// Of the gain that an element has.
  private(set) var gain: [Double]
  /// Of what does not depend on the delay: offset, drift, and the gain's zero point.
  private(set) var shift: [Double]
  /// Of the whole, where gain and delay do not meet.
  private(set) var sum: [Double]
  private let ranges: [(low: Float, high: Float)]

  init(_ window: FaultedWindow, lag: Int) {
    let fault = window.fault
    let count = window.layout.places.count
    let units = window.limits.scaling.unitsPerTensorUnit
    let zeros = [Double](repeating: 0, count: fault.parameters.count * count)
    base = window.sample.map(Double.init)
    (late, gain, shift, sum) = (zeros, zeros, zeros, zeros)
    ranges = (0..<count).map { window.range($0) }
    for element in window.layout.elements {
      let near = window.reading(element, lag: lag)
      base[element.index] = near
      for (place, parameter) in fault.parameters.enumerated() {
        let target = place * count + element.index
        switch parameter.kind {
        case .offset: shift[target] = 1 / units
        case .drift: shift[target] = element.ramp / units
        case .gain:
          gain[target] = 1
          shift[target] = -window.zero(element.index)
          sum[target] = near - window.zero(element.index)
        case .delay: late[target] = window.reading(element, lag: lag + 1) - near
        }
        if parameter.kind != .gain { sum[target] = late[target] + shift[target] }
      }
    }
  }

  /// Whether every coefficient is a number in `Float`.
  var fitsFloat: Bool {
    [base, late, gain, shift, sum].allSatisfy { $0.allSatisfy { Float($0).isFinite } }
  }

  /// Whether some reading can leave its range, by intervals.
  func leavesRange(over lower: [Double], _ upper: [Double]) -> Bool {
    let count = base.count
    return base.indices.contains { element in
      var (low, high) = (base[element], base[element])
      var gains = 0.0
      for place in lower.indices {
        let ends = [lower[place], upper[place]]
        let parts = ends.map {
          $0 * (late[place * count + element] + shift[place * count + element])
        }
        low += min(parts[0], parts[1])
        high += max(parts[0], parts[1])
        gains = max(gains, gain[place * count + element] * max(abs(ends[0]), abs(ends[1])))
      }
      // What the gain adds to a reading is no more than this.
      let reach = gains * readingReach(element, lower, upper)
      return low - reach < Double(ranges[element].low)
        || high + reach > Double(ranges[element].high)
    }
  }

  private func readingReach(_ element: Int, _ lower: [Double], _ upper: [Double]) -> Double {
    let count = base.count
    return lower.indices.reduce(abs(base[element])) { reach, place in
      reach + abs(late[place * count + element]) * max(abs(lower[place]), abs(upper[place]))
    }
  }
}
