import EngineSupport

/// Where along one axis a tensor is read when a grid names the place, and with which weights.
///
/// Places run from −1 to 1 over an axis. Source: ONNX operator specification, GridSample.
struct PlaceSampling: Sendable {
  enum Mode: Sendable { case nearest, linear, cubic }
  enum Padding: Sendable { case zeros, border, reflection }

  /// What one element adds; a negative source is outside, where everything is 0.
  struct Tap: Sendable {
    var source: Int
    var factor: Double
  }

  let mode: Mode
  let padding: Padding
  let alignsCorners: Bool

  init(_ node: OperatorNode) throws(Diagnostic) {
    switch try node.string("mode") ?? "linear" {
    case "nearest": mode = .nearest
    case "linear", "bilinear": mode = .linear
    case "cubic", "bicubic": mode = .cubic
    default: throw node.invalidAttribute("mode", "linear, nearest or cubic")
    }
    switch try node.string("padding_mode") ?? "zeros" {
    case "zeros": padding = .zeros
    case "border": padding = .border
    case "reflection": padding = .reflection
    default: throw node.invalidAttribute("padding_mode", "zeros, border or reflection")
    }
    alignsCorners = try node.flag("align_corners")
  }

  /// Elements for each unit of a place.
  func scale(_ length: Int) -> Double { Double(alignsCorners ? length - 1 : length) / 2 }

  /// A place in elements, before any padding.
  func position(_ place: Double, _ length: Int) -> Double {
    let size = Double(length)
    return alignsCorners ? (place + 1) / 2 * (size - 1) : ((place + 1) * size - 1) / 2
  }

  /// A position that can be read; nil for one that is taken for none: what is no number, and what is so far out that
  /// its fraction is not known, where padding does not make all of that the border.
  private func readable(_ place: Double, _ length: Int) -> Double? {
    let x = position(place, length)
    if padding == .border, !x.isNaN { return min(max(x, -2), Double(length) + 1) }
    return isInReach(x) ? x : nil
  }

  func isInReach(_ x: Double) -> Bool { abs(x) < 1e9 }

  /// The elements that a place takes from.
  func taps(_ place: Double, _ length: Int) -> [Tap] {
    guard let x = readable(place, length) else { return [Tap(source: -1, factor: 1)] }
    return taps(at: x, length)
  }

  /// - Parameter x: A position in reach.
  func taps(at x: Double, _ length: Int) -> [Tap] {
    let x = mode == .cubic ? x : moved(x, Double(length))
    let first = Int(x.rounded(.down))
    let t = x - x.rounded(.down)
    switch mode {
    case .nearest:
      return [Tap(source: source(Int(x.rounded(.toNearestOrEven)), length), factor: 1)]
    case .linear:
      return [
        Tap(source: source(first, length), factor: 1 - t),
        Tap(source: source(first + 1, length), factor: t),
      ]
    case .cubic:
      return (-1...2).map {
        Tap(source: source(first + $0, length), factor: Self.cubic(abs(t - Double($0))))
      }
    }
  }

  /// The derivatives of the weights by the place. The reading steps from element to element with `nearest`, and
  /// stands still where the place was brought to the border: both have none.
  func slopes(_ place: Double, _ length: Int) -> [Tap] {
    guard mode != .nearest, let x = readable(place, length) else { return [] }
    let scale = scale(length)
    if mode == .cubic {
      let first = Int(x.rounded(.down))
      let t = x - x.rounded(.down)
      return (-1...2).map { index in
        let distance = t - Double(index)
        let slope = Self.cubicSlope(abs(distance)) * (distance < 0 ? -1 : 1)
        return Tap(source: source(first + index, length), factor: slope * scale)
      }
    }
    let direction = direction(x, Double(length)) * scale
    guard direction != 0 else { return [] }
    let first = Int(moved(x, Double(length)).rounded(.down))
    return [
      Tap(source: source(first, length), factor: -direction),
      Tap(source: source(first + 1, length), factor: direction),
    ]
  }

  /// The element that an index stands for; −1 for none.
  func source(_ index: Int, _ length: Int) -> Int {
    if index >= 0, index < length { return index }
    guard padding != .zeros else { return -1 }
    return min(max(Int(moved(Double(index), Double(length))), 0), length - 1)
  }

  /// A position outside brought to the border or mirrored, as the padding says.
  func moved(_ x: Double, _ size: Double) -> Double {
    switch padding {
    case .zeros: return x
    case .border: return min(max(x, 0), size - 1)
    case .reflection:
      let (low, span) = mirrors(size)
      guard span > 0 else { return 0 }
      let distance = abs(x - low).truncatingRemainder(dividingBy: 2 * span)
      let folded = low + (distance > span ? 2 * span - distance : distance)
      return alignsCorners ? folded : min(max(folded, 0), size - 1)
    }
  }

  /// The first mirror, and the distance of the second from it.
  func mirrors(_ size: Double) -> (low: Double, span: Double) {
    alignsCorners ? (0, size - 1) : (-0.5, size)
  }

  /// By how much a position that was moved follows the position: 1, −1 behind an odd number of mirrors, 0 at a border.
  private func direction(_ x: Double, _ size: Double) -> Double {
    switch padding {
    case .zeros: return 1
    case .border: return x > 0 && x < size - 1 ? 1 : 0
    case .reflection:
      let (low, span) = mirrors(size)
      guard span > 0 else { return 0 }
      let distance = abs(x - low).truncatingRemainder(dividingBy: 2 * span)
      let folded = low + (distance > span ? 2 * span - distance : distance)
      guard alignsCorners || folded > 0 && folded < size - 1 else { return 0 }
      return (x < low) != (distance > span) ? -1 : 1
    }
  }

  /// Source: Keys, "Cubic convolution interpolation for digital image processing", 1981, with a = −0.75.
  static func cubic(_ x: Double) -> Double {
    let a = -0.75
    if x <= 1 { return ((a + 2) * x - (a + 3)) * x * x + 1 }
    return x < 2 ? ((a * x - 5 * a) * x + 8 * a) * x - 4 * a : 0
  }

  private static func cubicSlope(_ x: Double) -> Double {
    let a = -0.75
    if x <= 1 { return (3 * (a + 2) * x - 2 * (a + 3)) * x }
    return x < 2 ? (3 * a * x - 10 * a) * x + 8 * a : 0
  }
}
