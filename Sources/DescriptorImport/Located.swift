public import EngineSupport

/// A value read from a descriptor, with the place it stood at: what a finding points to.
public struct Located<Value: Hashable & Sendable>: Hashable, Sendable {
  public var value: Value
  /// `path` is the JSON pointer.
  public var location: SourceLocation

  public init(_ value: Value, at location: SourceLocation) {
    self.value = value
    self.location = location
  }
}
