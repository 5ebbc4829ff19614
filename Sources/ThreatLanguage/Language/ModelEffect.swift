public import EngineSupport

/// What reaching a step changes in the model while an attack runs (`A>`, `R>`).
///
/// Effects are for simulators: an attack graph is generated from the model as it is at first.
public struct ModelEffect: Sendable, Hashable {
  public enum Change: String, Sendable, Hashable, CaseIterable {
    case addition, removal
  }

  /// A walk over associations, as in a `StepExpression`, with what only effects have.
  public indirect enum Walk: Sendable, Hashable {
    /// A field, or `self` for the asset the walk has come to.
    case field(String)
    case variable(String)
    case collect(Walk, Walk)
    case union(Walk, Walk)
    case intersection(Walk, Walk)
    case difference(Walk, Walk)
    case transitive(Walk)
    case subType(Walk, String)
    /// `inner:n..m`; `minimum` is 0 and `maximum` `nil` for `*`.
    case quantity(Walk, minimum: Int, maximum: Int?)
  }

  public struct Target: Sendable, Hashable {
    /// `~`: a link is added or removed, not the assets.
    public var isAssociation: Bool
    public var walk: Walk

    public init(isAssociation: Bool, walk: Walk) {
      self.isAssociation = isAssociation
      self.walk = walk
    }
  }

  public var change: Change
  /// The assets at which something changes, as seen from the step's asset.
  public var base: Walk
  public var targets: [Target]
  public var location: SourceLocation

  public init(change: Change, base: Walk, targets: [Target], location: SourceLocation) {
    self.change = change
    self.base = base
    self.targets = targets
    self.location = location
  }
}

extension ModelEffect.Walk {
  init(_ syntax: ExpressionSyntax) {
    self =
      switch syntax.shape {
      case .name(let name): .field(name)
      case .call(let name): .variable(name)
      case .collect(let left, let right): .collect(Self(left), Self(right))
      case .union(let left, let right): .union(Self(left), Self(right))
      case .intersection(let left, let right): .intersection(Self(left), Self(right))
      case .difference(let left, let right): .difference(Self(left), Self(right))
      case .transitive(let inner): .transitive(Self(inner))
      case .subType(let inner, let type): .subType(Self(inner), type.text)
      case .quantity(let inner, let quantity):
        .quantity(
          Self(inner), minimum: Int(quantity.minimum) ?? 0,
          maximum: Int(quantity.maximum ?? quantity.minimum))
      }
  }
}
