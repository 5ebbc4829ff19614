import EngineSupport
import TensorCore

/// The functions by their ONNX names.
extension RealFunction {
  /// Those without attributes, in every operator set.
  static let plainNames = plain.keys.sorted()

  private static let plain: [String: RealFunction] = [
    "Abs": RealFunction(.valley(at: 0), { abs($0) }, derivative: { $0 > 0 ? 1 : $0 < 0 ? -1 : 0 }),
    "Acos": RealFunction(
      .falling, PortableMath.acos, derivative: { -1 / ((1 - $0) * (1 + $0)).squareRoot() }
    ).on(-1...1),
    "Acosh": RealFunction(
      .rising, PortableMath.acosh, derivative: { 1 / (($0 - 1) * ($0 + 1)).squareRoot() }
    ).on(1...(.infinity)),
    "Asin": RealFunction(
      .rising, PortableMath.asin, derivative: { 1 / ((1 - $0) * (1 + $0)).squareRoot() }
    ).on(-1...1),
    "Asinh": RealFunction(
      .rising, PortableMath.asinh, derivative: { 1 / ($0 * $0 + 1).squareRoot() }),
    "Atan": RealFunction(.rising, PortableMath.atan, derivative: { 1 / (1 + $0 * $0) }),
    "Atanh": RealFunction(
      .rising, PortableMath.atanh, derivative: { 1 / ((1 - $0) * (1 + $0)) }
    ).on(-1...1),
    "Ceil": RealFunction(.steps, { $0.rounded(.up) }, derivative: { _ in 0 }),
    "Cos": RealFunction(
      .between(-1, 1), PortableMath.cos, derivative: { -PortableMath.sin($0) }),
    "Cosh": RealFunction(.valley(at: 0), PortableMath.cosh, derivative: PortableMath.sinh),
    "Erf": RealFunction(
      .rising, PortableMath.erf,
      derivative: { 1.1283791670955126 * PortableMath.exp(-$0 * $0) }),
    "Exp": RealFunction(.rising, PortableMath.exp, derivative: PortableMath.exp),
    "Floor": RealFunction(.steps, { $0.rounded(.down) }, derivative: { _ in 0 }),
    "Log": RealFunction(.rising, PortableMath.log, derivative: { 1 / $0 }).on(0...(.infinity)),
    "Neg": RealFunction(.falling, { -$0 }, derivative: { _ in -1 }),
    "Reciprocal": RealFunction(.unbounded, { 1 / $0 }, derivative: { -1 / ($0 * $0) }),
    "Round": RealFunction(.steps, { $0.rounded(.toNearestOrEven) }, derivative: { _ in 0 }),
    "Sign": RealFunction(
      .steps, { $0 > 0 ? 1 : $0 < 0 ? -1 : $0.isNaN ? $0 : 0 }, derivative: { _ in 0 }),
    "Sin": RealFunction(.between(-1, 1), PortableMath.sin, derivative: PortableMath.cos),
    "Sinh": RealFunction(.rising, PortableMath.sinh, derivative: PortableMath.cosh),
    "Softplus": RealFunction(
      .rising, PortableMath.softplus, derivative: PortableMath.sigmoid),
    "Softsign": RealFunction(
      .rising, { $0 / (1 + abs($0)) }, derivative: { 1 / ((1 + abs($0)) * (1 + abs($0))) }),
    "Sqrt": RealFunction(
      .rising, { $0.squareRoot() }, derivative: { 0.5 / $0.squareRoot() }
    ).on(0...(.infinity)),
    "Tan": RealFunction(
      .unbounded, PortableMath.tan,
      derivative: { 1 + PortableMath.tan($0) * PortableMath.tan($0) }),
  ]

  private func on(_ domain: ClosedRange<Double>) -> RealFunction {
    var result = self
    result.domain = domain
    return result
  }

  init(_ node: OperatorNode) throws(Diagnostic) {
    func number(_ name: String, _ standard: Float) throws(Diagnostic) -> Double {
      try node.float(name) ?? Double(standard)
    }
    switch node.operation {
    case "Celu":
      let alpha = try number("alpha", 1)
      self.init(
        .rising, { $0 > 0 ? $0 : alpha * PortableMath.expm1($0 / alpha) },
        derivative: { $0 > 0 ? 1 : PortableMath.exp($0 / alpha) })
    case "Elu":
      let alpha = try number("alpha", 1)
      self.init(
        alpha >= 0 ? .rising : .unbounded, { $0 > 0 ? $0 : alpha * PortableMath.expm1($0) },
        derivative: { $0 > 0 ? 1 : alpha * PortableMath.exp($0) })
    case "Gelu":
      switch try node.string("approximate") ?? "none" {
      case "none": self.init(gelu: Self.normal, Self.normalDensity)
      case "tanh": self.init(gelu: Self.tanhNormal, Self.tanhNormalSlope)
      default: throw node.invalidAttribute("approximate", "none or tanh")
      }
    case "HardSigmoid": self = .hardSigmoid(try number("alpha", 0.2), try number("beta", 0.5))
    case "HardSwish":
      let gate = Self.hardSigmoid(1 / 6, 0.5)
      self.init(
        .valley(at: -1.5), { $0 * gate.value($0) },
        derivative: { $0 <= -3 ? 0 : $0 >= 3 ? 1 : $0 / 3 + 0.5 })
    case "Mish":
      self.init(
        .valley(at: -1.1924312), { $0 * PortableMath.tanh(PortableMath.softplus($0)) },
        derivative: { x in
          let t = PortableMath.tanh(PortableMath.softplus(x))
          return t + x * (1 - t * t) * PortableMath.sigmoid(x)
        })
    case "Selu":
      let alpha = try number("alpha", 1.67326319217681884765625)
      let gamma = try number("gamma", 1.05070102214813232421875)
      self.init(
        alpha >= 0 && gamma >= 0 ? .rising : .unbounded,
        { $0 > 0 ? gamma * $0 : gamma * alpha * PortableMath.expm1($0) },
        derivative: { $0 > 0 ? gamma : gamma * alpha * PortableMath.exp($0) })
    case "Shrink":
      let (bias, lambda) = (try number("bias", 0), try number("lambd", 0.5))
      self.init(
        .unbounded, { $0 < -lambda ? $0 + bias : $0 > lambda ? $0 - bias : 0 },
        derivative: { abs($0) > lambda ? 1 : 0 })
    case "ThresholdedRelu":
      let alpha = try number("alpha", 1)
      self.init(
        alpha >= 0 ? .steps : .unbounded, { $0 > alpha ? $0 : 0 },
        derivative: { $0 > alpha ? 1 : 0 })
    default:
      guard let function = Self.plain[node.operation] else {
        throw node.unsupported("unknown function")
      }
      self = function
    }
  }

  static func hardSigmoid(_ alpha: Double, _ beta: Double) -> RealFunction {
    RealFunction(
      alpha >= 0 ? .rising : .falling, { max(0, min(1, alpha * $0 + beta)) },
      derivative: { alpha * $0 + beta > 0 && alpha * $0 + beta < 1 ? alpha : 0 })
  }

  private init(
    gelu share: @escaping @Sendable (Double) -> Double,
    _ slope: @escaping @Sendable (Double) -> Double
  ) {
    self.init(
      .valley(at: -0.7517915), { $0 * share($0) }, derivative: { share($0) + $0 * slope($0) })
  }

  private static func normal(_ x: Double) -> Double {
    (1 + PortableMath.erf(x * 0.7071067811865476)) / 2
  }

  private static func normalDensity(_ x: Double) -> Double {
    0.3989422804014327 * PortableMath.exp(-x * x / 2)
  }

  private static func tanhNormal(_ x: Double) -> Double {
    (1 + PortableMath.tanh(0.7978845608028654 * (x + 0.044715 * x * x * x))) / 2
  }

  private static func tanhNormalSlope(_ x: Double) -> Double {
    let t = PortableMath.tanh(0.7978845608028654 * (x + 0.044715 * x * x * x))
    return 0.3989422804014327 * (1 - t * t) * (1 + 0.134145 * x * x)
  }
}
