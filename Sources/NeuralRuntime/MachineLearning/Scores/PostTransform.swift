import EngineSupport
import TensorCore

/// What the classical classifiers and regressors do with their scores at the end.
enum PostTransform: String, Sendable {
  case none = "NONE"
  case softmax = "SOFTMAX"
  case logistic = "LOGISTIC"
  case softmaxZero = "SOFTMAX_ZERO"
  case probit = "PROBIT"

  init(_ node: OperatorNode) throws(Diagnostic) {
    if node.operation == "TreeEnsemble" {
      let all: [PostTransform] = [.none, .softmax, .logistic, .softmaxZero, .probit]
      guard let index = Optional(try node.int("post_transform") ?? 0), all.indices.contains(index)
      else { throw node.invalidAttribute("post_transform", "from 0 to 4") }
      self = all[index]
      return
    }
    guard let known = PostTransform(rawValue: try node.string("post_transform") ?? "NONE") else {
      throw node.invalidAttribute(
        "post_transform", "NONE, SOFTMAX, LOGISTIC, SOFTMAX_ZERO or PROBIT")
    }
    self = known
  }

  /// Each function is computed in `Double` and rounded once.
  func applied<S: KernelScalar>(to scores: [S]) -> [S] {
    switch self {
    case .none: return scores
    case .logistic: return scores.map { S.rounding(PortableMath.sigmoid($0.real)) }
    case .probit: return scores.map { S.rounding(Self.quantile($0.real)) }
    case .softmax, .softmaxZero: return shares(scores.map(\.real)).map { S.rounding($0) }
    }
  }

  /// Exponentials in proportion to their sum; with `softmaxZero` a score of 0 has no part in it.
  private func shares(_ scores: [Double]) -> [Double] {
    let greatest = scores.max() ?? 0
    let powers = scores.map { score in
      self == .softmaxZero && score == 0 ? 0 : PortableMath.exp(score - greatest)
    }
    let sum = powers.reduce(0, +)
    return powers.map { sum == 0 ? 0 : $0 / sum }
  }

  /// The gradient of ⟨cotangent, outputs⟩ by the scores.
  func pulledBack(_ cotangent: [Double], at scores: [Double]) -> [Double] {
    switch self {
    case .none: return cotangent
    case .logistic:
      return zip(cotangent, scores).map { g, score in
        g * PortableMath.sigmoid(score) * PortableMath.sigmoid(-score)
      }
    case .probit: return zip(cotangent, scores).map { $0 * Self.quantileSlope($1) }
    case .softmax, .softmaxZero:
      let shares = shares(scores)
      let mean = zip(shares, cotangent).reduce(0) { $0 + $1.0 * $1.1 }
      return zip(shares, cotangent).map { $0 * ($1 - mean) }
    }
  }

  /// The inverse of the normal distribution as ONNX's reference computes it: by the inverse error function
  /// of Winitzki's approximation.
  static func quantile(_ p: Double) -> Double {
    let parts = winitzki(p)
    return 1.4142135623730951
      * (parts.x < 0 ? -parts.square.squareRoot() : parts.square.squareRoot())
  }

  /// With x = 2p − 1: x itself, and the square of the inverse error function there as root − a.
  private static func winitzki(
    _ p: Double
  ) -> (x: Double, logarithm: Double, a: Double, root: Double, square: Double) {
    let x = 2 * p - 1
    let logarithm = PortableMath.log((1 - x) * (1 + x))
    let a = 2 / (Double.pi * shape) + logarithm / 2
    let root = (a * a - logarithm / shape).squareRoot()
    return (x, logarithm, a, root, -a + root)
  }

  private static let shape = 0.147

  /// The approximation's own derivative.
  private static func quantileSlope(_ p: Double) -> Double {
    let (x, _, a, root, square) = winitzki(p)
    // Where the difference has lost its digits the limit stands for it: √(2π) in the middle.
    guard abs(x) > 1e-6 else { return 2.5066282746310002 }
    let slope = -2 * x / ((1 - x) * (1 + x))
    let rootSlope = (a * slope / 2 * 2 - slope / shape) / (2 * root)
    return 1.4142135623730951 * (x < 0 ? -1 : 1) * (rootSlope - slope / 2) / square.squareRoot()
  }

  /// How far the square that the quantile is the root of may be off in `Float`, where it is a small difference.
  static func quantileSquareError(_ p: Double) -> Double {
    let (_, logarithm, a, root, _) = winitzki(p)
    return 0x1p-17 * (abs(a) + root + abs(logarithm) / shape + 1)
  }
}
