/// For each element of a tensor the range it lies in: the currency of sound bounds, in `Double`.
///
/// Law: `lower` and `upper` have one shape, and no lower end is above its upper end; an end that cannot be
/// known is infinite, never NaN.
public struct IntervalTensor: Sendable, Hashable {
  public let lower: Tensor<Double>
  public let upper: Tensor<Double>

  /// NaN at either end becomes the whole line.
  public init(lower: Tensor<Double>, upper: Tensor<Double>) {
    precondition(lower.shape == upper.shape, "both ends have one shape")
    var low = lower.elements
    var high = upper.elements
    for i in low.indices where !(low[i] <= high[i]) {
      low[i] = -.infinity
      high[i] = .infinity
    }
    self.lower = Tensor(shape: lower.shape, elements: low)
    self.upper = Tensor(shape: upper.shape, elements: high)
  }

  /// A value that is known.
  public init(_ value: Tensor<Double>) { self.init(lower: value, upper: value) }

  public var shape: [Int] { lower.shape }

  /// Midpoints, and radii that reach both ends whatever the rounding of the midpoints; an interval without
  /// an end has an infinite radius.
  public var centred: (centre: Tensor<Double>, radius: Tensor<Double>) {
    var centres = lower.elements
    var radii = centres
    for i in centres.indices {
      let (low, high) = (lower.elements[i], upper.elements[i])
      let centre = low.isFinite && high.isFinite ? low / 2 + high / 2 : 0
      centres[i] = centre
      // A difference below the least normal number is exact, any other is off by half an ulp.
      let radius = max(high - centre, centre - low)
      radii[i] = radius > 0 ? radius.nextUp : 0
    }
    return (
      Tensor(shape: shape, elements: centres), Tensor(shape: shape, elements: radii)
    )
  }

  /// Elementwise: `bounds` gives the range of a function over one range.
  public func map(_ bounds: (Double, Double) -> (Double, Double)) -> IntervalTensor {
    var low = lower.elements
    var high = upper.elements
    for i in low.indices { (low[i], high[i]) = bounds(low[i], high[i]) }
    return IntervalTensor(
      lower: Tensor(shape: shape, elements: low), upper: Tensor(shape: shape, elements: high))
  }

  public func reshaped(to shape: [Int]) -> IntervalTensor {
    IntervalTensor(lower: lower.reshaped(to: shape), upper: upper.reshaped(to: shape))
  }
}
