import EngineSupport
import TensorCore

/// A function of one real number with its derivative and its range over an interval.
///
/// At a kink the derivative is that of the side PyTorch takes. Source of the definitions: ONNX operator
/// specification.
struct RealFunction: Sendable {
  /// How the function runs between two points.
  enum Course: Sendable {
    case rising
    case falling
    /// Falls to its least value at this place, then rises.
    case valley(at: Double)
    /// Between these bounds, and no more is said.
    case between(Double, Double)
    /// Rising outside a stretch that the interval may touch, where these values are passed as well.
    case steps
    case unbounded
  }

  let value: @Sendable (Double) -> Double
  let derivative: @Sendable (Double) -> Double
  let course: Course
  /// The numbers outside which the function has no value.
  var domain = -Double.infinity...Double.infinity

  init(
    _ course: Course, _ value: @escaping @Sendable (Double) -> Double,
    derivative: @escaping @Sendable (Double) -> Double
  ) {
    self.course = course
    self.value = value
    self.derivative = derivative
  }

  /// The least and greatest value over an interval, with room for the rounding of a `Float` engine.
  func bounds(_ lower: Double, _ upper: Double) -> (Double, Double) {
    guard lower >= domain.lowerBound, upper <= domain.upperBound else {
      return (-.infinity, .infinity)
    }
    let (a, b) = (value(lower), value(upper))
    let range: (Double, Double) =
      switch course {
      case .rising, .steps: (a, b)
      case .falling: (b, a)
      case .valley(let place):
        (lower <= place && place <= upper ? min(value(place), a, b) : min(a, b), max(a, b))
      case .between(let least, let most): lower == upper ? (a, a) : (least, most)
      case .unbounded: lower == upper ? (a, a) : (-.infinity, .infinity)
      }
    guard range.0 <= range.1 else { return (-.infinity, .infinity) }
    return OutwardRounding.widened(range.0, range.1, ulps: 4)
  }
}
