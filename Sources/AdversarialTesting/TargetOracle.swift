import EngineSupport
public import TensorCore

/// The only way an attack reaches a model: counts every query and refuses what the attacker cannot see.
///
/// It also checks what comes back, so that no attack has to: shapes, and scores that are finite.
public struct TargetOracle {
  /// An attack asked for more than the access it declared.
  public struct AccessViolation: Error, Hashable {
    public var granted: TargetAccess
    public var asked: TargetAccess
  }

  public let access: TargetAccess
  public let classCount: Int
  public private(set) var spent = QueryCount()
  private let model: any TargetModel

  public init(_ model: any TargetModel, access: TargetAccess) {
    self.model = model
    self.access = access
    classCount = model.classCount
  }

  /// Logits `[n, classCount]`. `samples` are the indices of the rows in the evaluation data; they only
  /// name the sample in errors.
  ///
  /// - Throws: `test.model.non-finite`, `test.model.shape`, or what the model throws.
  public mutating func scores(of batch: Tensor<Float>, samples: [Int]) throws -> Tensor<Float> {
    let scores = try model.scores(of: batch)
    spent.forward += samples.count
    try check(scores.shape, samples.count)
    try requireFinite(scores.elements.firstIndex { !$0.isFinite }, samples)
    return scores
  }

  /// Scores, and the gradient of the objective whose cotangent the closure gives.
  ///
  /// Gradients may hold NaN or infinity: that is a finding about the model (self-check S2), not an error.
  /// - Throws: `AccessViolation` without white-box access; otherwise as `scores(of:samples:)`.
  public mutating func gradient(
    at batch: Tensor<Float>, samples: [Int],
    of cotangent: @Sendable (Tensor<Float>) -> Tensor<Float>
  ) throws -> (scores: Tensor<Float>, gradient: Tensor<Float>) {
    guard access >= .gradients else { throw AccessViolation(granted: access, asked: .gradients) }
    let answer = try model.gradient(at: batch, of: cotangent)
    spent.forward += samples.count
    spent.backward += samples.count
    try check(answer.scores.shape, samples.count)
    guard answer.gradient.count == batch.count else {
      throw Diagnostic(
        "test.model.shape",
        "the model's gradient has shape \(answer.gradient.shape), its input \(batch.shape)")
    }
    try requireFinite(answer.scores.elements.firstIndex { !$0.isFinite }, samples)
    return answer
  }

  /// Logits in double precision, for replay.
  public mutating func scoresInDouble(
    of batch: Tensor<Double>, samples: [Int]
  ) throws -> Tensor<Double> {
    let scores = try model.scoresInDouble(of: batch)
    spent.double += samples.count
    try check(scores.shape, samples.count)
    try requireFinite(scores.elements.firstIndex { !$0.isFinite }, samples)
    return scores
  }

  private func check(_ shape: [Int], _ rows: Int) throws(Diagnostic) {
    guard shape == [rows, classCount] else {
      throw Diagnostic(
        "test.model.shape",
        "the model's scores have shape \(shape), expected \([rows, classCount])")
    }
  }

  /// `offender` is the position of the first score that is not finite, if there is one.
  private func requireFinite(_ offender: Int?, _ samples: [Int]) throws(Diagnostic) {
    guard let offender else { return }
    throw Diagnostic(
      "test.model.non-finite",
      "the model's score for class \(offender % classCount) is not finite on a variant of sample "
        + "\(samples[offender / classCount])")
  }
}
