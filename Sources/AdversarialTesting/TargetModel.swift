public import TensorCore

/// A classifier under test: what an attack may ask of it, without knowing how it is computed.
///
/// Law: the row that belongs to a sample does not depend on the other rows of the batch, bit for bit.
/// Without it a campaign's evidence would change with the batch size.
public protocol TargetModel: Sendable {
  /// The shape of one sample, without the batch axis.
  var inputShape: [Int] { get }
  var classCount: Int { get }

  /// Logits, not probabilities: `[n] + inputShape` to `[n, classCount]`.
  func scores(of batch: Tensor<Float>) throws -> Tensor<Float>

  /// Scores as above, and the vector-Jacobian product of the cotangent that the closure makes from
  /// them: `[n] + inputShape`.
  func gradient(
    at batch: Tensor<Float>, of cotangent: @Sendable (Tensor<Float>) -> Tensor<Float>
  ) throws -> (scores: Tensor<Float>, gradient: Tensor<Float>)

  /// The same function evaluated in double precision, for the replay of found examples.
  func scoresInDouble(of batch: Tensor<Double>) throws -> Tensor<Double>
}

/// How much of the target an attack needs to see, from least to most.
public enum TargetAccess: String, Sendable, Hashable, Comparable {
  /// Scores of chosen inputs.
  case scores
  /// Scores and gradients: the attacker has the model file.
  case gradients

  public static func < (left: TargetAccess, right: TargetAccess) -> Bool {
    left == .scores && right == .gradients
  }
}
