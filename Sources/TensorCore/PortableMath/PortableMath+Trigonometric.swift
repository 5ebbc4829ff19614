/// Sine, cosine, tangent and their inverses from IEEE 754 basic operations.
extension PortableMath {
  /// Within 2 ulp for every finite x; NaN at the infinities.
  public static func sin(_ x: Double) -> Double {
    let (quadrant, r, tail) = reduced(x)
    switch quadrant {
    case 0: return sinSeries(r, tail)
    case 1: return cosSeries(r, tail)
    case 2: return -sinSeries(r, tail)
    default: return -cosSeries(r, tail)
    }
  }

  /// Within 2 ulp for every finite x; NaN at the infinities.
  public static func cos(_ x: Double) -> Double {
    let (quadrant, r, tail) = reduced(x)
    switch quadrant {
    case 0: return cosSeries(r, tail)
    case 1: return -sinSeries(r, tail)
    case 2: return -cosSeries(r, tail)
    default: return sinSeries(r, tail)
    }
  }

  /// Within 4 ulp.
  public static func tan(_ x: Double) -> Double {
    let (quadrant, r, tail) = reduced(x)
    let (s, c) = (sinSeries(r, tail), cosSeries(r, tail))
    return quadrant % 2 == 0 ? s / c : -c / s
  }

  /// x as a multiple of π/2 (modulo 4) and a rest within ±π/4, as a sum of two numbers.
  private static func reduced(_ x: Double) -> (quadrant: Int, rest: Double, tail: Double) {
    guard x.isFinite else { return (0, .nan, .nan) }
    if abs(x) <= 0.785 { return (0, x, 0) }
    if abs(x) > 1e5 { return reducedByBits(x) }
    // Cody–Waite: the first two products are exact, since the parts of π/2 have 33 bits and k has 17.
    let k = (x * 0.6366197723675814).rounded(.toNearestOrEven)
    let first = x - k * 0x1.921fb544p+0
    let product = k * 0x1.0b4611a6p-34
    let second = first - product
    // What the subtraction lost, and the third part of π/2.
    let lost = (first - second) - product
    let tail = lost - k * 0x1.3198a2e037073p-69
    let rest = second + tail
    return (Int(k) & 3, rest, (second - rest) + tail)
  }

  private static func sinSeries(_ r: Double, _ tail: Double) -> Double {
    let square = r * r
    var sum = 0.0
    for n in stride(from: 19.0, through: 5, by: -2) {
      sum = (1 - sum) * square / (n * (n - 1))
    }
    // r − r³/6·(1 − sum) + tail·cos r
    return r + (tail * (1 - square / 2) - r * square / 6 * (1 - sum))
  }

  private static func cosSeries(_ r: Double, _ tail: Double) -> Double {
    let square = r * r
    var sum = 0.0
    for n in stride(from: 20.0, through: 4, by: -2) {
      sum = (1 - sum) * square / (n * (n - 1))
    }
    let half = square / 2
    let head = 1 - half
    return head + ((1 - head - half) + half * sum - r * tail)
  }

  /// Within 3 ulp. Reduction to |t| ≤ 1/8 by atan x = atan c + atan((x − c)/(1 + cx)).
  public static func atan(_ x: Double) -> Double {
    guard !x.isNaN else { return x }
    let magnitude = abs(x)
    let isLarge = magnitude > 1
    let m = isLarge ? 1 / magnitude : magnitude
    let centre = (m * 4).rounded() / 4
    let t = (m - centre) / (1 + m * centre)
    let square = t * t
    var series = 0.0
    for n in stride(from: 21.0, through: 3, by: -2) { series = 1 / n - square * series }
    let (head, tail) = arcs[Int(centre * 4)]
    var result = head + (tail + (t - t * square * series))
    if isLarge { result = 0x1.921fb54442d18p+0 - (result - 0x1.1a62633145c07p-54) }
    return x < 0 ? -result : result
  }

  /// atan(0), atan(¼), atan(½), atan(¾), atan(1), each as a sum of two numbers.
  private static let arcs: [(Double, Double)] = [
    (0, 0), (0x1.f5b75f92c80ddp-3, 0x1.8ab6e3cf7afbdp-57),
    (0x1.dac670561bb4fp-2, 0x1.a2b7f222f65e2p-56),
    (0x1.4978fa3269ee1p-1, 0x1.2419a87f2a458p-56),
    (0x1.921fb54442d18p-1, 0x1.1a62633145c07p-55),
  ]

  /// Within 6 ulp; NaN beyond ±1.
  public static func asin(_ x: Double) -> Double {
    guard abs(x) <= 1 else { return .nan }
    return atan(x / ((1 - x) * (1 + x)).squareRoot())
  }

  /// Within 6 ulp; NaN beyond ±1.
  public static func acos(_ x: Double) -> Double {
    guard abs(x) <= 1 else { return .nan }
    return 2 * atan(((1 - x) / (1 + x)).squareRoot())
  }
}
