public import EngineSupport
public import TensorCore

/// One attack on one model over a sample of evaluation data and a ladder of budgets.
///
/// A trial is a sample that does not reach the attacker's goal when clean (a classifier's: that is classified
/// correctly in single and in double precision); the success rate is the share of trials for which a
/// confirmed example was found. Clean errors are
/// reported apart. Every budget is attacked on its own; because the sets are nested, an example found at
/// a smaller budget also counts at the larger ones.
public struct Campaign: Sendable {
  public let model: any TargetModel
  /// `[n] + sample shape`, in the model's own numbers.
  public let samples: Tensor<Float>
  public let labels: [Int]
  /// What the attacker wants; labels matter to goals about classes alone.
  public let goal: AttackGoal
  public let attack: any AdversarialAttack
  public let seed: UInt64
  /// Random readings the noise control tries on each sample the attack did not break.
  public let noiseDraws: Int
  /// Nested sets, one for each budget, ascending.
  public let sets: [PerturbationSet]
  /// The attack as it runs at each budget: fitted to the data where it needs to be.
  var attacks: [any AdversarialAttack]

  /// In engineering units (elements for L0), ascending.
  public var budgets: [Double] { sets.map(\.budget) }
  public var limits: PhysicalLimits { sets[0].limits }

  /// A campaign of misclassification inside L-infinity balls. `noiseDraws` must be positive.
  ///
  /// - Throws: `test.model.classes`, `test.model.shape`, `test.data.shape`, `test.data.label`,
  ///   `test.data.non-finite`, `test.data.out-of-range`, `test.plan.budgets`, `test.limits.budget`.
  public init(
    model: any TargetModel, samples: Tensor<Float>, labels: [Int], limits: PhysicalLimits,
    budgets: [Double], attack: any AdversarialAttack, seed: UInt64, noiseDraws: Int = 200
  ) throws(Diagnostic) {
    try Self.check(budgets)
    try self.init(
      model: model, samples: samples, labels: labels, ladder: budgets,
      set: try PerturbationSet(limits, budget: budgets[0]), attack: attack, seed: seed,
      noiseDraws: noiseDraws)
  }

  /// A campaign over a ladder of budgets of one perturbation set. `noiseDraws` must be positive.
  ///
  /// - Parameters:
  ///   - ladder: positive and strictly ascending budgets, which replace the set's own.
  ///   - goal: what the attacker wants; misclassification unless said.
  /// - Throws: as above, and `test.attack.norm` when the attack does not search in the set's norm.
  public init(
    model: any TargetModel, samples: Tensor<Float>, labels: [Int], ladder: [Double],
    set: PerturbationSet, goal: AttackGoal = .misclassification, attack: any AdversarialAttack,
    seed: UInt64, noiseDraws: Int = 200
  ) throws(Diagnostic) {
    precondition(noiseDraws > 0, "a noise control needs at least one draw")
    try Self.check(ladder)
    guard type(of: attack).norms.contains(set.norm) else {
      throw Diagnostic(
        "test.attack.norm",
        "\(type(of: attack).name) does not search in the \(set.norm.rawValue) norm")
    }
    self.model = model
    self.samples = samples
    self.labels = labels
    self.goal = goal
    self.attack = attack
    self.seed = seed
    self.noiseDraws = noiseDraws
    var sets: [PerturbationSet] = []
    for budget in ladder { sets.append(try set.withBudget(budget)) }
    self.sets = sets
    attacks = Array(repeating: attack, count: sets.count)
    try checkShapes()
    try checkSamples()
  }

  private static func check(_ budgets: [Double]) throws(Diagnostic) {
    for budget in budgets where !budget.isFinite || budget < 0 {
      throw Diagnostic(
        "test.limits.budget", "a campaign's budget \(budget) must be finite and not negative")
    }
    guard let first = budgets.first, first > 0,
      zip(budgets, budgets.dropFirst()).allSatisfy({ $0 < $1 })
    else {
      throw Diagnostic(
        "test.plan.budgets", "the budgets \(budgets) must be positive and strictly ascending")
    }
  }

  private func checkShapes() throws(Diagnostic) {
    guard model.classCount >= 2 || !goal.isAboutClasses else {
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
      guard label >= 0, label < model.classCount || !goal.isAboutClasses else {
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
