import TensorCore

/// Ranges of transformed scores, for engines that compute the functions in `Float`.
extension PostTransform {
  func ranges(of scores: [Ranges.Range]) -> [Ranges.Range] {
    switch self {
    case .none: return scores
    case .logistic:
      // Some engines take 1 − σ(−x) below 0, whose error is absolute.
      return scores.map { score in
        (
          max(PortableMath.sigmoid(score.low) - 0x1p-21, 0),
          min(PortableMath.sigmoid(score.high) + 0x1p-21, 1)
        )
      }
    case .probit:
      return scores.map { score in
        guard score.low > 0, score.high < 1 else { return (-.infinity, .infinity) }
        return (Self.quantileEnd(score.low, -1), Self.quantileEnd(score.high, 1))
      }
    case .softmax, .softmaxZero:
      return scores.indices.map { share($0, scores) }
    }
  }

  /// A quantile moved outwards by what an engine may be off: direction −1 downwards, 1 upwards.
  private static func quantileEnd(_ p: Double, _ direction: Double) -> Double {
    let exact = quantile(p)
    // The argument 2p − 1 is rounded too.
    let error = quantileSquareError(p) + 0x1p-20 * abs(exact)
    let outwards = exact * direction >= 0
    let square = exact * exact / 2 + (outwards ? error : -error)
    let moved = 1.4142135623730951 * (max(square, 0)).squareRoot() * (exact < 0 ? -1 : 1)
    // Near the middle the error may lead to the other side.
    let end = square < 0 ? direction * (2 * error).squareRoot() : moved
    return end + direction * (abs(end) * 0x1p-20 + 0x1p-40)
  }

  /// Scores this near 0 are taken for 0 by some engines with `softmaxZero`.
  private static let nothing = 0x1p-23

  private func share(_ own: Int, _ scores: [Ranges.Range]) -> Ranges.Range {
    func mayBeNothing(_ score: Ranges.Range) -> Bool {
      self == .softmaxZero && score.low <= Self.nothing && score.high >= -Self.nothing
    }
    var (least, most) = (0.0, 0.0)
    var (smallest, greatest) = (Double.infinity, -Double.infinity)
    for (index, score) in scores.enumerated() {
      smallest = min(smallest, score.low)
      greatest = max(greatest, score.high)
      guard index != own else { continue }
      least += mayBeNothing(score) ? 0 : PortableMath.exp(score.low - scores[own].high)
      most += PortableMath.exp(score.high - scores[own].low)
    }
    guard smallest.isFinite, greatest.isFinite else { return (0, 1) }
    // Differences are rounded in proportion to their size before their exponentials are taken; then there are
    // exponentials, a sum and a quotient.
    let reach = max(greatest - smallest, abs(greatest), abs(smallest))
    let room = min((Double(12 + scores.count) + 2 * reach) * 0x1p-23, 1)
    let low = mayBeNothing(scores[own]) ? 0 : 1 / (1 + most) * (1 - room)
    return (
      max(low - OutwardRounding.underflow, 0), min(1 / (1 + least) * (1 + room) + 0x1p-22, 1.000001)
    )
  }
}
