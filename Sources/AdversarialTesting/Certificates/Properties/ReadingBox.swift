public import EngineSupport

/// A box of samples in engineering units: the sensor's range, narrower where a plan says so.
public struct ReadingBox: Sendable, Hashable {
  public let limits: PhysicalLimits
  /// One for each element.
  public let low: [Double]
  public let high: [Double]

  /// - Parameter ranges: By element of the flattened sample; the others keep the sensor's range.
  /// Errors: `test.rule.box` for an element that is not there or a range that is empty or leaves the sensor's.
  public init(
    _ limits: PhysicalLimits, ranges: [Int: ClosedRange<Double>] = [:]
  ) throws(Diagnostic) {
    var (low, high) = (limits.low, limits.high)
    for (element, range) in ranges.sorted(by: { $0.key < $1.key }) {
      guard low.indices.contains(element), range.lowerBound >= low[element],
        range.upperBound <= high[element]
      else {
        throw Diagnostic(
          "test.rule.box",
          "element \(element) with \(range) is not inside the sensor's range of any of the "
            + "\(limits.count) elements")
      }
      low[element] = range.lowerBound
      high[element] = range.upperBound
    }
    self.limits = limits
    self.low = low
    self.high = high
  }

  /// The box in the tensor's numbers, rounded outwards to what a reading at its ends is stored as.
  ///
  /// Errors: `test.model.shape`.
  func tensorRange(of shape: [Int]) throws(Diagnostic) -> (lower: [Double], upper: [Double]) {
    guard shape == limits.shape else {
      throw Diagnostic(
        "test.model.shape",
        "the model takes samples of shape \(shape), the limits describe \(limits.shape)")
    }
    let (offset, units) = (limits.scaling.offset, limits.scaling.unitsPerTensorUnit)
    func ends(_ value: Double) -> (exact: Double, stored: Double) {
      ((value - offset) / units, Double(limits.tensorValue(value)))
    }
    return (
      low.map { min(ends($0).exact, ends($0).stored) },
      high.map { max(ends($0).exact, ends($0).stored) }
    )
  }
}
