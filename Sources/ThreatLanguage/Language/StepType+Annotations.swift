/// What a language says about a step beside how it is reached: harm, causal mode, detectors.
extension StepType {
  /// `{C, I, A}` of a step.
  public struct Impact: OptionSet, Hashable, Sendable {
    public let rawValue: UInt8
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    public static let confidentiality = Impact(rawValue: 1)
    public static let integrity = Impact(rawValue: 2)
    public static let availability = Impact(rawValue: 4)
  }

  /// Whether an attacker does the step or the system does it in consequence.
  public enum CausalMode: String, Hashable, Sendable, CaseIterable {
    case action, effect
  }
}

/// `! name (context) type [tpr: …, fpr: …]`: something that notices a step, and how reliably.
public struct DetectorType: Sendable, Hashable {
  /// A step whose log entry the detector sees, under a label.
  public struct Context: Sendable, Hashable {
    public var label: String
    public var expression: StepExpression

    public init(label: String, expression: StepExpression) {
      self.label = label
      self.expression = expression
    }
  }

  public var name: String?
  public var type: String?
  public var context: [Context]
  /// Probabilities, 0…1; `nil` where the source gives none.
  public var truePositiveRate: Double?
  public var falsePositiveRate: Double?

  public init(
    name: String?, type: String?, context: [Context], truePositiveRate: Double?,
    falsePositiveRate: Double?
  ) {
    self.name = name
    self.type = type
    self.context = context
    self.truePositiveRate = truePositiveRate
    self.falsePositiveRate = falsePositiveRate
  }
}
