import TensorCore

/// What turns raw scores into a classical model's outputs: one score that tells two classes apart becomes two, then a
/// transform.
struct ScoreHead: Sendable {
  enum Expansion: Sendable {
    case none
    /// s becomes (−s, s).
    case mirrored
    /// s becomes (1 − s, s).
    case complemented
  }

  let expansion: Expansion
  let transform: PostTransform

  /// Outputs for this many raw scores.
  func count(for scores: Int) -> Int { expansion == .none ? scores : 2 }

  /// Whether the outputs are the scores but for sign, order and a constant.
  var isAffine: Bool { transform == .none }

  /// Whether the first of the greatest outputs is that of the greatest score: a zero's share and a quantile outside
  /// [0, 1] are out of order.
  var keepsOrder: Bool { transform != .softmaxZero && transform != .probit }

  func outputs<S: KernelScalar>(of scores: [S]) -> [S] {
    transform.applied(to: expanded(scores))
  }

  private func expanded<S: KernelScalar>(_ scores: [S]) -> [S] {
    switch expansion {
    case .none: scores
    case .mirrored: [-scores[0], scores[0]]
    case .complemented: [1 - scores[0], scores[0]]
    }
  }

  /// The gradient of ⟨cotangent, outputs⟩ by the raw scores.
  func pulledBack(_ cotangent: [Double], at scores: [Double]) -> [Double] {
    let inner = transform.pulledBack(cotangent, at: expanded(scores))
    return expansion == .none ? inner : [inner[1] - inner[0]]
  }

  func ranges(of scores: [Ranges.Range]) -> [Ranges.Range] {
    let score = scores[0]
    switch expansion {
    case .none: return transform.ranges(of: scores)
    case .mirrored: return transform.ranges(of: [(-score.high, -score.low), score])
    case .complemented:
      let rest: Ranges.Range = OutwardRounding.widened(1 - score.high, 1 - score.low, ulps: 1)
      return transform.ranges(of: [rest, score])
    }
  }
}
