/// One sanity check of a campaign on itself; the ids are those of the evaluation protocol.
///
/// A check that fails makes the whole campaign inconclusive: it can then never say that a model withstood.
public struct SelfCheck: Sendable, Hashable {
  public enum Identifier: String, Sendable, Hashable, CaseIterable {
    /// Share of samples whose gradient is zero or not finite at the start: a masked gradient.
    case s2GradientAtStart = "S2"
    /// The attack finds at least as many as its single step at every budget.
    case s3IterativeNotBelowSingleStep = "S3"
    /// More budget does not find clearly less.
    case s4MonotoneInBudget = "S4"
    /// Random noise breaks no sample that the attack could not.
    case s7NoiseNeverBeatsAttack = "S7"
    /// Every found example is valid and survives replay in single and double precision.
    case s13Validity = "S13"
  }

  public enum Outcome: String, Sendable, Hashable {
    case pass, fail, inconclusive
    /// The check has no meaning for this attack; said rather than left out.
    case notApplicable = "not applicable"
  }

  public var identifier: Identifier
  public var outcome: Outcome
  /// The figures behind the outcome, in one sentence.
  public var detail: String
}
