import TensorCore

/// The slopes of one step that are optimised, one for each row and element whose kink lies inside its range.
struct FreeSlopes {
  let step: Int
  let value: Int
  let range: ClosedRange<Double>
  let places: [Int]
  private var moments: [(first: Double, second: Double)]

  init(step: Int, value: Int, range: ClosedRange<Double>, places: [Int]) {
    self.step = step
    self.value = value
    self.range = range
    self.places = places
    moments = Array(repeating: (0, 0), count: places.count)
  }

  /// One step of Adam uphill: the bound's derivative by a slope is the coefficient times the value it reads.
  mutating func ascend(
    coefficients: [Double]?, values: [Double]?, step number: Int, in state: inout RelaxedBatch
  ) {
    guard let coefficients, let values, case .planes(var planes)? = state.links[step] else {
      return
    }
    state.links[step] = nil
    let rate = 0.4 * PortableMath.pow(0.8, Double(number)) * (range.upperBound - range.lowerBound)
    let corrections = (
      1 - PortableMath.pow(0.9, Double(number + 1)), 1 - PortableMath.pow(0.99, Double(number + 1))
    )
    for (index, place) in places.enumerated() where coefficients[place] > 0 {
      let slope = coefficients[place] * values[place]
      guard slope.isFinite else { continue }
      moments[index].first = 0.9 * moments[index].first + 0.1 * slope
      moments[index].second = 0.99 * moments[index].second + 0.01 * slope * slope
      let size = (moments[index].second / corrections.1).squareRoot()
      guard size > 0 else { continue }
      let moved = planes.lowerSlopes[place] + rate * (moments[index].first / corrections.0) / size
      planes.lowerSlopes[place] = min(max(moved, range.lowerBound), range.upperBound)
    }
    state.links[step] = .planes(planes)
  }
}
