public import EngineSupport

/// What somebody says about one drawn box: its kind, by label or cell id.
public struct ComponentDeclaration: Sendable {
  /// A label or a cell id, as written.
  public var drawn: String
  public var kind: ComponentKind
  /// Where it is said.
  public var location: SourceLocation

  public init(drawn: String, kind: ComponentKind, location: SourceLocation) {
    self.drawn = drawn
    self.kind = kind
    self.location = location
  }
}
