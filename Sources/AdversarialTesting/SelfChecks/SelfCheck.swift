/// One sanity check of a campaign on itself; the ids are those of the evaluation protocol.
///
/// A check that fails makes the whole campaign inconclusive: it can then never say that a model withstood.
public struct SelfCheck: Sendable, Hashable, Codable {
  public enum Identifier: String, Sendable, Hashable, CaseIterable, Codable, Comparable {
    /// Gradients agree with differences of the outputs in double precision.
    case s1GradientAudit = "S1"
    /// Share of samples whose gradient is zero or not finite at the start: a masked gradient.
    case s2GradientAtStart = "S2"
    /// The attack finds at least as many as its single step at every budget.
    case s3IterativeNotBelowSingleStep = "S3"
    /// More budget does not find clearly less.
    case s4MonotoneInBudget = "S4"
    /// Twice the effort changes robust accuracy by less than half a point.
    case s5Converged = "S5"
    /// An attack on scores alone breaks no sample that the attack on gradients could not.
    case s6WhiteBoxNotBelowBlackBox = "S6"
    /// Random noise breaks no sample that the attack could not.
    case s7NoiseNeverBeatsAttack = "S7"
    /// Examples from a surrogate break no sample that the attack could not.
    case s8TransferNotAboveWhiteBox = "S8"
    /// The attack finds adversaries planted inside the perturbation set.
    case s9PlantedAdversary = "S9"
    /// A model known to be weak is broken, one known to be robust is not.
    case s10Controls = "S10"
    /// The same seed gives the same findings, and the model the same outputs.
    case s11Determinism = "S11"
    /// No indicator of attack failure is raised.
    case s12FailureIndicators = "S12"
    /// Every found example is valid and survives replay in single and double precision.
    case s13Validity = "S13"
    /// No found example lies inside a certified radius.
    case s14CertificatesHold = "S14"

    public static func < (left: Identifier, right: Identifier) -> Bool { left.rank < right.rank }

    private var rank: Int { Self.allCases.firstIndex(of: self) ?? Self.allCases.count }
  }

  public enum Outcome: String, Sendable, Hashable, Codable {
    case pass, fail, inconclusive
    /// The check has no meaning for this attack; said rather than left out.
    case notApplicable = "not applicable"
  }

  public var identifier: Identifier
  public var outcome: Outcome
  /// The figures behind the outcome, in one sentence.
  public var detail: String

  public init(identifier: Identifier, outcome: Outcome, detail: String) {
    self.identifier = identifier
    self.outcome = outcome
    self.detail = detail
  }
}
