public import AdversarialTesting
public import EngineSupport

/// Who attacks the model's input: from where, knowing what, and how far a reading can be bent.
extension TestPlan {
  public struct Attacker: Sendable {
    public var front: Front
    /// Places of the channels that can be written.
    public var writes: [Int]
    public var knowledge: TargetAccess
    public var norm: PerturbationNorm
    /// What the budgets count.
    public var measure: BudgetMeasure
    /// Ascending.
    public var budgets: [Double]
    /// The one of the ladder whose measured rate enters the attack graph.
    public var chosen: Double
    /// Why the budgets are what they are: the data sheet, or what nobody would notice.
    public var reason: String
    /// Whether the laws of the input bind this attacker.
    public var obeysLaws: Bool
    /// What is tried; `nil` for what the profile tries with this knowledge.
    public var attacks: [AttackPlan]?
    /// A linear measurement model whose residual the attacker must not disturb.
    public var measurementModel: MeasurementReference?
    public var acceptance: Acceptance?
    public var location: SourceLocation
  }

  /// What one unit of a budget is.
  public enum BudgetMeasure: String, Sendable, Hashable, CaseIterable {
    /// The channels' own unit, which then is the same for all that can be written.
    case unit
    /// Each channel's noise at rest.
    case noise
    /// Each channel's least significant bit.
    case bits = "least-significant-bit"
    /// One per cent of each channel's span.
    case percent = "percent-of-span"
    /// Elements changed; the measure of L0.
    case elements
  }

  /// An array of an archive that holds the matrix H of a measurement model, and the residual that raises no alarm.
  public struct MeasurementReference: Sendable, Hashable {
    public var file: FileReference
    public var array: String
    public var residualLimit: Double?
  }

  /// What the campaign must show to be accepted, said before it runs.
  public struct Acceptance: Sendable, Hashable {
    /// The success rate at the chosen budget that must not be exceeded.
    public var largestRate: Double
    public var reason: String
  }
}
