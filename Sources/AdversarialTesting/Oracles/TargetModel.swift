public import TensorCore

/// A model under test: what an attack may ask of it, without knowing how it is computed.
///
/// Law: the row that belongs to a sample does not depend on the other rows of the batch, bit for bit.
/// Without it a campaign's evidence would change with the batch size.
public protocol TargetModel: Sendable {
  /// The shape of one sample, without the batch axis.
  var inputShape: [Int] { get }
  /// Whether gradients are those of the function that is computed; not so where roundings inside the model are
  /// passed straight through.
  var hasExactGradient: Bool { get }
  /// Outputs of one sample: classes of a classifier, values of a regression.
  var classCount: Int { get }
  /// How many samples the model works on together: a larger batch gains no speed, but a gradient keeps the
  /// intermediate values of all of it.
  var blockRows: Int { get }

  /// Logits, not probabilities (or a regression's values): `[n] + inputShape` to `[n, classCount]`.
  func scores(of batch: Tensor<Float>) throws -> Tensor<Float>

  /// Scores as above, and the vector-Jacobian product of the cotangent that the closure makes from
  /// them: `[n] + inputShape`. A quantised model passes gradients straight through its roundings.
  func gradient(
    at batch: Tensor<Float>, of cotangent: @Sendable (Tensor<Float>) -> Tensor<Float>
  ) throws -> (scores: Tensor<Float>, gradient: Tensor<Float>)

  /// The same function evaluated in double precision, for the replay of found examples.
  func scoresInDouble(of batch: Tensor<Double>) throws -> Tensor<Double>

  /// The vector-Jacobian product in double precision, for the gradient audit (self-check S1); `nil` where
  /// the model has none, and then the single-precision one is audited.
  func gradientInDouble(
    at batch: Tensor<Double>, of cotangent: @Sendable (Tensor<Double>) -> Tensor<Double>
  ) throws -> Tensor<Double>?
}

extension TargetModel {
  public var hasExactGradient: Bool { true }
  public var blockRows: Int { 64 }

  public func gradientInDouble(
    at batch: Tensor<Double>, of cotangent: @Sendable (Tensor<Double>) -> Tensor<Double>
  ) throws -> Tensor<Double>? { nil }
}
