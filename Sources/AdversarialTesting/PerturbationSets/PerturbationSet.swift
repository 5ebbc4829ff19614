public import EngineSupport

/// Everything an attacker can turn one sample into: readings inside the sensor's range, within `budget` of
/// the original in the chosen norm, on the sensor's grid, only where it can write, and within the
/// physical rules.
///
/// An element left as it was is always allowed. A changed element must be finite and the exact tensor
/// value of a grid code. Distances are compared with a slack of two units in the last place of `Float`
/// at the far end of the budget, the error of storing the two readings in single precision; so a budget
/// of three least significant bits admits three steps, never a fourth.
public struct PerturbationSet: Sendable, Hashable {
  public let limits: PhysicalLimits
  public let norm: PerturbationNorm
  /// The radius: engineering units for L-infinity, L2 and L1, elements for L0; infinite where only the
  /// limits and rules bind (for attacks that look for the smallest change).
  public let budget: Double
  public let rules: [PhysicalRule]
  /// The budget's share of each element (L-infinity): its largest change is `budget` times its share. With
  /// noise floors as shares, the budget is a multiple of the noise floor.
  public let shares: [Double]
  let compiled: CompiledRules

  /// An L-infinity ball without physical rules.
  ///
  /// - Throws: `test.limits.budget` when the budget is negative or NaN.
  public init(_ limits: PhysicalLimits, budget: Double) throws(Diagnostic) {
    try self.init(limits, norm: .linf, budget: budget)
  }

  /// - Parameter shares: One positive number an element, or one for all; other than 1 only with L-infinity.
  /// - Throws: `test.limits.budget`, `test.limits.shares`, and `test.rule.…` for a rule that does not fit.
  public init(
    _ limits: PhysicalLimits, norm: PerturbationNorm, budget: Double, rules: [PhysicalRule] = [],
    shares: [Double] = [1]
  ) throws(Diagnostic) {
    guard budget >= 0, norm != .l0 || budget == budget.rounded(.down) else {
      throw Diagnostic(
        "test.limits.budget",
        "the budget \(budget) must not be negative, and a whole number of elements for L0")
    }
    guard shares.count == 1 || shares.count == limits.count,
      shares.allSatisfy({ $0.isFinite && $0 > 0 }),
      norm == .linf || shares.allSatisfy({ $0 == 1 })
    else {
      throw Diagnostic(
        "test.limits.shares",
        "shares of the budget are positive, one for each element or one for all, and need L-infinity"
      )
    }
    let compiled = try CompiledRules(rules, limits: limits)
    guard compiled.jitters.isEmpty || norm == .linf else {
      throw Diagnostic("test.rule.value", "sampling jitter needs the L-infinity norm")
    }
    self.limits = limits
    self.norm = norm
    self.budget = budget
    self.rules = rules
    self.shares =
      shares.count == limits.count ? shares : Array(repeating: shares[0], count: limits.count)
    self.compiled = compiled
  }

  /// The same set with another radius.
  ///
  /// - Throws: `test.limits.budget`.
  public func withBudget(_ budget: Double) throws(Diagnostic) -> PerturbationSet {
    try PerturbationSet(limits, norm: norm, budget: budget, rules: rules, shares: shares)
  }

  /// The same radius without the physical rules, for the unconstrained rate beside the constrained one.
  ///
  /// - Throws: never in practice; the limits were checked when this set was made.
  public func withoutRules() throws(Diagnostic) -> PerturbationSet {
    try PerturbationSet(limits, norm: norm, budget: budget, shares: shares)
  }

  /// The radius in the tensor's own numbers; a count for L0.
  var radius: Double { norm == .l0 ? budget : budget / limits.scaling.unitsPerTensorUnit }

  /// One unit in the last place of `Float` at the far end of the element's reach, in engineering units.
  func storageSlack(of original: Float, at index: Int) -> Double {
    let units = limits.scaling.unitsPerTensorUnit
    let reach = budget * shares[index]
    let span = limits.high[index] - limits.low[index]
    let far = abs(original) + Float((norm == .linf && reach.isFinite ? reach : span) / units)
    return Double(far.ulp) * units
  }
}

extension PerturbationSet: Codable {
  private enum CodingKeys: String, CodingKey { case limits, norm, budget, rules, shares }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    try self.init(
      try container.decode(PhysicalLimits.self, forKey: .limits),
      norm: try container.decode(PerturbationNorm.self, forKey: .norm),
      budget: try container.decodeIfPresent(Double.self, forKey: .budget) ?? .infinity,
      rules: try container.decode([PhysicalRule].self, forKey: .rules),
      shares: try container.decode([Double].self, forKey: .shares))
  }

  /// An infinite budget is left out: JSON has no infinity.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(limits, forKey: .limits)
    try container.encode(norm, forKey: .norm)
    if budget.isFinite { try container.encode(budget, forKey: .budget) }
    try container.encode(rules, forKey: .rules)
    try container.encode(Set(shares).count == 1 ? [shares[0]] : shares, forKey: .shares)
  }
}
