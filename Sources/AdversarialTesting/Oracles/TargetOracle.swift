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

  /// An attack asked more often than the plan allows; attacks ask `remaining(for:)` first.
  public struct BudgetExhausted: Error, Hashable {
    public var sample: Int
    public var queries: Int
  }

  public let access: TargetAccess
  public let classCount: Int
  /// Forward queries allowed for one sample; `nil` without a limit.
  public let queriesPerSample: Int?
  public private(set) var spent = QueryCount()
  private let model: any TargetModel
  /// Only looked up, never iterated, and only kept where there is a limit.
  private var asked: [Int: Int] = [:]

  /// `queriesPerSample` must not be negative.
  public init(
    _ model: any TargetModel, access: TargetAccess, queriesPerSample: Int? = nil
  ) {
    precondition(queriesPerSample ?? 0 >= 0, "a number of queries is not negative")
    self.model = model
    self.access = access
    self.queriesPerSample = queriesPerSample
    classCount = model.classCount
  }

  /// Queries still allowed for the sample.
  public func remaining(for sample: Int) -> Int {
    queriesPerSample.map { $0 - asked[sample, default: 0] } ?? .max
  }

  private mutating func charge(_ samples: [Int]) throws {
    guard let queriesPerSample else { return }
    for sample in samples {
      let count = asked[sample, default: 0] + 1
      guard count <= queriesPerSample else {
        throw BudgetExhausted(sample: sample, queries: queriesPerSample)
      }
      asked[sample] = count
    }
  }

  private func require(_ needed: TargetAccess) throws(AccessViolation) {
    guard access >= needed else { throw AccessViolation(granted: access, asked: needed) }
  }

  /// Whether each row reaches the goal: all that an attacker with access to labels alone learns.
  ///
  /// - Throws: as `scores(of:samples:)`, and `BudgetExhausted`.
  mutating func decisions(
    of batch: Tensor<Float>, samples: [Int], rows: [Int], objective: Objective
  ) throws -> [Bool] {
    let scores = try answer(batch, samples)
    return rows.enumerated().map { objective.margin(scores.elements, at: $0, row: $1) < 0 }
  }

  /// The outputs for clean samples as far as the goal is measured from them; part of the goal, not a query.
  mutating func references(of batch: Tensor<Float>, samples: [Int]) throws -> Tensor<Float> {
    let scores = try model.scores(of: batch)
    try check(scores.shape, samples.count)
    try requireFinite(scores.elements.firstIndex { !$0.isFinite }, samples)
    return scores
  }

  /// Logits `[n, classCount]`. `samples` are the indices of the rows in the evaluation data; they only
  /// name the sample in errors.
  ///
  /// - Throws: `AccessViolation`, `BudgetExhausted`, `test.model.non-finite`, `test.model.shape`, or what
  ///   the model throws.
  public mutating func scores(of batch: Tensor<Float>, samples: [Int]) throws -> Tensor<Float> {
    try require(.scores)
    return try answer(batch, samples)
  }

  private mutating func answer(_ batch: Tensor<Float>, _ samples: [Int]) throws -> Tensor<Float> {
    try charge(samples)
    let scores = try model.scores(of: batch)
    spent.forward += samples.count
    try check(scores.shape, samples.count)
    try requireFinite(scores.elements.firstIndex { !$0.isFinite }, samples)
    return scores
  }

  /// Scores, and the gradient of the objective whose cotangent the closure gives for a range of the rows, from
  /// their scores.
  ///
  /// Gradients may hold NaN or infinity: that is a finding about the model (self-check S2), not an error.
  /// - Throws: `AccessViolation` without white-box access; otherwise as `scores(of:samples:)`.
  public mutating func gradient(
    at batch: Tensor<Float>, samples: [Int],
    of cotangent: @Sendable (_ rows: Range<Int>, _ scores: Tensor<Float>) -> Tensor<Float>
  ) throws -> (scores: Tensor<Float>, gradient: Tensor<Float>) {
    try require(.gradients)
    try charge(samples)
    spent.forward += samples.count
    spent.backward += samples.count
    let block = max(1, model.blockRows)
    guard samples.count > block else {
      let answer = try answer(at: batch) { cotangent(0..<samples.count, $0) }
      try requireFinite(answer.scores.elements.firstIndex { !$0.isFinite }, samples)
      return answer
    }
    var scores: [Float] = []
    var gradient: [Float] = []
    scores.reserveCapacity(samples.count * classCount)
    gradient.reserveCapacity(batch.count)
    for start in stride(from: 0, to: samples.count, by: block) {
      let rows = start..<min(start + block, samples.count)
      let answer = try answer(at: batch.rows(rows)) { cotangent(rows, $0) }
      scores += answer.scores.elements
      gradient += answer.gradient.elements
    }
    try requireFinite(scores.firstIndex { !$0.isFinite }, samples)
    return (
      Tensor(shape: [samples.count, classCount], elements: scores),
      Tensor(shape: batch.shape, elements: gradient)
    )
  }

  /// The model's answer for one block, its shapes checked.
  private func answer(
    at block: Tensor<Float>, of cotangent: @Sendable (Tensor<Float>) -> Tensor<Float>
  ) throws -> (scores: Tensor<Float>, gradient: Tensor<Float>) {
    let answer = try model.gradient(at: block, of: cotangent)
    try check(answer.scores.shape, block.shape[0])
    guard answer.gradient.count == block.count else {
      throw Diagnostic(
        "test.model.shape",
        "the model's gradient has shape \(answer.gradient.shape), its input \(block.shape)")
    }
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
