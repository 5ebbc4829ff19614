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
    guard Self.contradictions(lower.elements, upper.elements) > 0 else {
      (self.lower, self.upper) = (lower, upper)
      return
    }
    var low = lower.elements
    var high = upper.elements
    for i in low.indices where !(low[i] <= high[i]) {
      low[i] = -.infinity
      high[i] = .infinity
    }
    self.lower = Tensor(shape: lower.shape, elements: low)
    self.upper = Tensor(shape: upper.shape, elements: high)
  }

  /// How many ranges have a lower end that is not at most the upper one.
  private static func contradictions(_ lower: [Double], _ upper: [Double]) -> Int {
    precondition(lower.count == upper.count, "both ends have one shape")
    let (low, high) = (lower.span, upper.span)
    var count = 0
    for i in low.indices { unsafe count &+= low[unchecked: i] <= high[unchecked: i] ? 0 : 1 }
    return count
  }

  /// A value that is known.
  public init(_ value: Tensor<Double>) { self.init(lower: value, upper: value) }

  public var shape: [Int] { lower.shape }

  /// Midpoints, and radii that reach both ends whatever the rounding of the midpoints; an interval without
  /// an end has an infinite radius.
  public var centred: (centre: Tensor<Double>, radius: Tensor<Double>) {
    var centres = lower.elements
    var radii = upper.elements
    precondition(centres.count == radii.count, "both ends have one shape")
    var lowOrCentre = centres.mutableSpan
    var highOrRadius = radii.mutableSpan
    for i in lowOrCentre.indices {
      let (low, high) = unsafe (lowOrCentre[unchecked: i], highOrRadius[unchecked: i])
      let isFinite = abs(low) < .infinity && abs(high) < .infinity
      let centre = isFinite ? low / 2 + high / 2 : 0
      unsafe lowOrCentre[unchecked: i] = centre
      // A difference below the least normal number is exact, any other is off by half an ulp.
      let (above, below) = (high - centre, centre - low)
      let radius = above > below ? above : below
      unsafe highOrRadius[unchecked: i] = radius > 0 ? OutwardRounding.next(above: radius) : 0
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
