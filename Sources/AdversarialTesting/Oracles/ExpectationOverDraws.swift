public import TensorCore

/// A model with randomness inside, whose draws are numbered: draw `k` of a sample is always the same.
public protocol RandomisedModel: Sendable {
  var inputShape: [Int] { get }
  var classCount: Int { get }

  /// Logits of one draw, `[n] + inputShape` to `[n, classCount]`.
  func scores(of batch: Tensor<Float>, draw: Int) throws -> Tensor<Float>

  /// Logits of one draw and the vector-Jacobian product of the cotangent.
  func gradient(
    at batch: Tensor<Float>, draw: Int,
    of cotangent: @Sendable (Tensor<Float>) -> Tensor<Float>
  ) throws -> (scores: Tensor<Float>, gradient: Tensor<Float>)

  func scoresInDouble(of batch: Tensor<Double>, draw: Int) throws -> Tensor<Double>
}

/// The mean of a randomised model over its first draws: what an adaptive attacker climbs, and a deterministic
/// target for a campaign.
///
/// Gradients are means of the draws' own, each at the cotangent of the mean logits; one query costs as many
/// passes as there are draws.
/// Source: Athalye, Engstrom, Ilyas, Kwok, "Synthesizing robust adversarial examples", ICML 2018.
public struct ExpectationOverDraws: TargetModel {
  public let base: any RandomisedModel
  public let draws: Int

  /// `draws` must be positive; 20 is what AutoAttack uses for randomised models.
  public init(_ base: any RandomisedModel, draws: Int = 20) {
    precondition(draws > 0, "an expectation needs a draw")
    self.base = base
    self.draws = draws
  }

  public var inputShape: [Int] { base.inputShape }
  public var classCount: Int { base.classCount }

  public func scores(of batch: Tensor<Float>) throws -> Tensor<Float> {
    try mean { try base.scores(of: batch, draw: $0) }
  }

  public func scoresInDouble(of batch: Tensor<Double>) throws -> Tensor<Double> {
    try mean { try base.scoresInDouble(of: batch, draw: $0) }
  }

  public func gradient(
    at batch: Tensor<Float>, of cotangent: @Sendable (Tensor<Float>) -> Tensor<Float>
  ) throws -> (scores: Tensor<Float>, gradient: Tensor<Float>) {
    let scores = try scores(of: batch)
    let pulled = cotangent(scores)
    let gradient = try mean { try base.gradient(at: batch, draw: $0) { _ in pulled }.gradient }
    return (scores, gradient)
  }

  /// Sums in the order of the draws.
  private func mean<Element: BinaryFloatingPoint & Sendable>(
    _ draw: (Int) throws -> Tensor<Element>
  ) rethrows -> Tensor<Element> {
    var sum = try draw(0)
    for number in 1..<max(1, draws) {
      let next = try draw(number)
      for index in 0..<sum.count { sum.elements[index] += next.elements[index] }
    }
    let scale = 1 / Element(draws)
    for index in 0..<sum.count { sum.elements[index] *= scale }
    return sum
  }
}
