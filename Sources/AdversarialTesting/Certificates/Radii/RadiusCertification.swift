public import EngineSupport
public import NeuralRuntime
import TensorCore

/// Certificates of a network, prepared once for many samples: the largest budget of a ladder at which an attack's
/// goal is proved out of reach.
///
/// The box that is proved holds the whole perturbation set at a budget: its range, reach, mask and directions, with
/// the slack of storing readings. Slew limits, balances, bandwidth and the sensor's grid are left out of account: they
/// only take samples away, so the certificate stays true and may be smaller than it could be.
///
/// Source: Gowal et al., ICCV 2019 (intervals); Zhang et al., NeurIPS 2018 (lines); Xu et al., ICLR 2021 (optimised
/// slopes); Bunel et al., JMLR 21 (2020) (splitting).
public struct RadiusCertification: Sendable {
  /// Without its final Softmax, as attacks see it.
  public let network: Network
  public let goal: AttackGoal
  public let effort: CertificationEffort
  private let proof: BoxProof

  /// Errors: `onnx.operator.not-bounded`, `network.bounds.too-large`.
  public init(
    _ network: Network, goal: AttackGoal = .misclassification,
    effort: CertificationEffort = CertificationEffort()
  ) throws(Diagnostic) {
    self.network = network.withoutFinalSoftmax
    self.goal = goal
    self.effort = effort
    proof = try BoxProof(self.network, effort)
  }

  /// The radius around one sample, row-major.
  ///
  /// - Parameters:
  ///   - label: The class to be kept (for `.classification` the class not to be reached); any number for goals that
  ///     are not about classes.
  ///   - set: L-infinity; its own budget does not count.
  ///   - ladder: positive budgets, strictly ascending. The first that is not proved ends the search, but for the
  ///     effort's bisections.
  /// Errors: `test.certificate.norm`, `test.plan.budgets`, `test.model.shape`, `test.data.non-finite`,
  /// `test.limits.budget`, `test.goal.shape`.
  public func radius(
    of sample: [Float], label: Int, within set: PerturbationSet, ladder: [Double]
  ) throws(Diagnostic) -> CertifiedRadius {
    try check(sample, set, ladder)
    let clean = try network.outputs(
      for: Tensor(shape: [1] + network.input.shape, elements: sample)
    ).elements.map(Double.init)
    let goal = try CertificateGoal(
      self.goal, label: label, reference: clean, outputs: clean.count)
    var result = CertifiedRadius(value: 0, method: nil)
    if !GoalRows(goal).open(GoalRows(goal).bounds(lower: clean, upper: clean)[...]).isEmpty {
      result.refutation = CertifiedRadius.Refutation(
        reading: sample, distance: 0, isDeliverable: true)
      return result
    }
    var ceiling: Double?
    for budget in ladder {
      if try !prove(budget, sample, set, goal, &result) {
        ceiling = budget
        break
      }
    }
    guard var ceiling else { return result }
    for _ in 0..<effort.bisections {
      ceiling = min(ceiling, result.refutation?.distance ?? ceiling)
      let middle = result.value / 2 + ceiling / 2
      guard middle > result.value, middle < ceiling else { break }
      if try !prove(middle, sample, set, goal, &result) { ceiling = middle }
    }
    return result
  }

  private func prove(
    _ budget: Double, _ sample: [Float], _ set: PerturbationSet, _ goal: CertificateGoal,
    _ result: inout CertifiedRadius
  ) throws(Diagnostic) -> Bool {
    let set = try set.withBudget(budget)
    let box = set.enclosure(of: sample)
    switch try proof.outcome(lower: box.lower, upper: box.upper, goal, boxes: &result.work) {
    case .proved(let method):
      result.value = budget
      result.method = method
      return true
    case .refuted(let reading):
      let distance = set.distance(sample, reading)
      if distance < result.refutation?.distance ?? .infinity {
        result.refutation = CertifiedRadius.Refutation(
          reading: reading, distance: distance,
          isDeliverable: try set.withBudget(max(budget, distance))
            .contains(original: sample, candidate: reading))
      }
      return false
    case .open: return false
    }
  }

  private func check(
    _ sample: [Float], _ set: PerturbationSet, _ ladder: [Double]
  ) throws(Diagnostic) {
    guard set.norm == .linf else {
      throw Diagnostic(
        "test.certificate.norm", "boxes certify the L-infinity norm, not \(set.norm.rawValue)")
    }
    guard let first = ladder.first, first > 0, ladder.allSatisfy(\.isFinite),
      zip(ladder, ladder.dropFirst()).allSatisfy({ $0 < $1 })
    else {
      throw Diagnostic(
        "test.plan.budgets", "the budgets \(ladder) must be positive and strictly ascending")
    }
    guard network.input.shape == set.limits.shape, sample.count == set.limits.count else {
      throw Diagnostic(
        "test.model.shape",
        "the model takes samples of shape \(network.input.shape), the limits describe "
          + "\(set.limits.shape), the sample has \(sample.count) elements")
    }
    guard sample.allSatisfy(\.isFinite) else {
      throw Diagnostic("test.data.non-finite", "the sample holds NaN or an infinity")
    }
  }
}

extension PerturbationSet {
  /// A box in the tensor's numbers that holds everything the set admits around a sample.
  func enclosure(of sample: [Float]) -> (lower: [Double], upper: [Double]) {
    let region = PerturbationRegion(self, around: sample)
    var (lower, upper) = (sample.map(Double.init), sample.map(Double.init))
    for index in sample.indices where region.low[index] < region.high[index] {
      // Membership allows two such slacks; one more covers how the region's own ends are rounded.
      let slack =
        3 * storageSlack(of: sample[index], at: index) / limits.scaling.unitsPerTensorUnit
      lower[index] = min(lower[index], Double(region.low[index])) - slack
      upper[index] = max(upper[index], Double(region.high[index])) + slack
    }
    return (lower, upper)
  }
}
