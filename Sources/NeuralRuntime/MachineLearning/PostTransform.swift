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

  func applied(to scores: [Float]) -> [Float] {
    switch self {
    case .none: return scores
    case .logistic: return scores.map { Float(PortableMath.sigmoid(Double($0))) }
    case .probit: return scores.map { Float(Self.quantile(Double($0))) }
    case .softmax, .softmaxZero:
      let greatest = Double(scores.max() ?? 0)
      let powers = scores.map { score in
        self == .softmaxZero && score == 0 ? 0 : PortableMath.exp(Double(score) - greatest)
      }
      let sum = powers.reduce(0, +)
      return powers.map { Float(sum == 0 ? 0 : $0 / sum) }
    }
  }

  /// The inverse of the normal distribution as ONNX's reference computes it: by the inverse error function
  /// of Winitzki's approximation.
  private static func quantile(_ p: Double) -> Double {
    let x = 2 * p - 1
    let logarithm = PortableMath.log((1 - x) * (1 + x))
    let a = 2 / (Double.pi * 0.147) + logarithm / 2
    let root = (-a + (a * a - logarithm / 0.147).squareRoot()).squareRoot()
    return 1.4142135623730951 * (x < 0 ? -root : root)
  }
}
