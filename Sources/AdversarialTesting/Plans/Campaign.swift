public import EngineSupport
public import TensorCore

/// One attack on one model over a sample of evaluation data and a ladder of budgets.
///
/// A trial is a sample that is classified correctly when clean (in single and in double precision); the
/// success rate is the share of trials turned into a confirmed misclassification. Clean errors are
/// reported apart. Every budget is attacked on its own; because the sets are nested, an example found at
/// a smaller budget also counts at the larger ones.
public struct Campaign: Sendable {
  public let model: any TargetModel
  /// `[n] + sample shape`, in the model's own numbers.
  public let samples: Tensor<Float>
  public let labels: [Int]
  public let limits: PhysicalLimits
  public let attack: any AdversarialAttack
  public let seed: UInt64
  /// Random readings the noise control tries on each sample the attack did not break.
  public let noiseDraws: Int
  let sets: [PerturbationSet]

  /// In engineering units, ascending.
  public var budgets: [Double] { sets.map(\.budget) }

  /// `noiseDraws` must be positive.
  ///
  /// - Throws: `test.model.classes`, `test.model.shape`, `test.data.shape`, `test.data.label`,
  ///   `test.data.non-finite`, `test.data.out-of-range`, `test.plan.budgets`, `test.limits.budget`.
  public init(
    model: any TargetModel, samples: Tensor<Float>, labels: [Int], limits: PhysicalLimits,
    budgets: [Double], attack: any AdversarialAttack, seed: UInt64, noiseDraws: Int = 200
  ) throws(Diagnostic) {
    precondition(noiseDraws > 0, "a noise control needs at least one draw")
    self.model = model
    self.samples = samples
    self.labels = labels
    self.limits = limits
    self.attack = attack
    self.seed = seed
    self.noiseDraws = noiseDraws
    var sets: [PerturbationSet] = []
    for budget in budgets {
      guard budget.isFinite else {
        throw Diagnostic("test.limits.budget", "a campaign's budget \(budget) must be finite")
      }
      sets.append(try PerturbationSet(limits, budget: budget))
    }
    self.sets = sets
    try Self.check(budgets)
    try checkShapes()
    try checkSamples()
  }

  private static func check(_ budgets: [Double]) throws(Diagnostic) {
    guard let first = budgets.first, first > 0,
      zip(budgets, budgets.dropFirst()).allSatisfy({ $0 < $1 })
    else {
      throw Diagnostic(
        "test.plan.budgets", "the budgets \(budgets) must be positive and strictly ascending")
    }
  }

  private func checkShapes() throws(Diagnostic) {
    guard model.classCount >= 2 else {
      throw Diagnostic(
        "test.model.classes", "a model with \(model.classCount) class(es) cannot be misled")
    }
    guard model.inputShape == limits.shape else {
      throw Diagnostic(
        "test.model.shape",
        "the model takes samples of shape \(model.inputShape), the limits describe \(limits.shape)")
    }
    guard samples.rank >= 1, Array(samples.shape.dropFirst()) == limits.shape,
      samples.shape[0] == labels.count
    else {
      throw Diagnostic(
        "test.data.shape",
        "the data has shape \(samples.shape) and \(labels.count) labels; the model takes "
          + "samples of shape \(limits.shape)")
    }
  }

  private func checkSamples() throws(Diagnostic) {
    for (index, label) in labels.enumerated() {
      guard label >= 0, label < model.classCount else {
        throw Diagnostic(
          "test.data.label",
          "sample \(index) has label \(label), the model has \(model.classCount) classes")
      }
      let sample = samples.elements[index * limits.count..<(index + 1) * limits.count]
      guard sample.allSatisfy(\.isFinite) else {
        throw Diagnostic("test.data.non-finite", "sample \(index) holds NaN or an infinity")
      }
      if let element = limits.firstElementOutOfRange(in: sample) {
        let reading = limits.units(sample[sample.startIndex + element])
        throw Diagnostic(
          "test.data.out-of-range",
          "sample \(index) reads \(DecimalText.exact(reading)) at element \(element), outside the "
            + "sensor's range [\(limits.low[element]), \(limits.high[element])]")
      }
    }
  }
}
