public import EngineSupport

/// What somebody says about one drawn line: its protocol, and whether it brings reference values.
public struct FlowDeclaration: Sendable {
  /// A cell id, `from → to`, or a label, as written.
  public var drawn: String
  /// As people write it, such as `Modbus/TCP`.
  public var protocolName: String?
  /// It brings what its receiver compares readings with, and is no reading itself.
  public var isReference: Bool
  /// Where it is said.
  public var location: SourceLocation

  public init(
    drawn: String, protocolName: String?, isReference: Bool, location: SourceLocation
  ) {
    self.drawn = drawn
    self.protocolName = protocolName
    self.isReference = isReference
    self.location = location
  }
}
