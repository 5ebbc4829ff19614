public import EngineSupport
public import ThreatLanguage

/// One reason why a step is not reached: where every way to it ends.
public struct Obstacle: Sendable {
  public enum Cause: Sendable {
    /// A defence that is in place.
    case defense
    /// An attack step that cannot succeed: its probability is 0.
    case impossible
    /// An existence check that does not hold, with the expressions it looks at.
    case check([StepExpression])
    /// No step of the model leads here, nor does the attacker stand here; these leads of the language would,
    /// if the model had the assets or links that they ask for.
    case noWayIn([MissingLead])
    /// Only steps lead here that rest on it again.
    case circle
  }

  /// A lead of the language that ends at a step like this one and has no instance here.
  public struct MissingLead: Sendable {
    public var ownerType: String
    public var step: String
    /// The walk to the asset, as MAL writes it.
    public var walk: String
    public var rule: SourceLocation
    /// Assets of the owner's type in the model: none of them is linked to the asset by `walk`.
    public var candidates: Int
  }

  public var cause: Cause
  public var step: AttackGraph.StepID
  /// From the obstacle to the step that was asked for, each leading to the next.
  public var way: [AttackGraph.StepID]
}
