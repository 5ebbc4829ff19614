public import EngineSupport

/// One data set as its descriptor presents it: a component of its own, or described in a model card.
public struct DataSetDescriptor: Hashable, Sendable {
  public enum Origin: String, Hashable, Sendable {
    /// A component, which can carry hashes and licences.
    case component
    /// Data described inside a model card, where CycloneDX has no place for a hash or a licence.
    case modelCard = "model card"
  }

  public var origin: Origin
  public var reference: Located<String>?
  /// CycloneDX allows data without a name.
  public var name: Located<String>?
  public var version: Located<String>?
  public var summary: Located<String>?
  /// Such as `dataset` or `configuration`.
  public var kinds: [Located<String>] = []
  public var hashes: [DeclaredHash] = []
  public var licences: [DeclaredLicence] = []
  /// Addresses the data came from.
  public var sources: [Located<String>] = []
  public var externalReferences: [ExternalReference] = []
  public var classifications: [Located<String>] = []
  public var sensitiveData: [Located<String>] = []
  public var properties: [DescriptorProperty] = []
  public var location: SourceLocation

  init(origin: Origin, location: SourceLocation) {
    self.origin = origin
    self.location = location
  }

  /// The name, else the reference, else where it stands: for people.
  public var title: String {
    name?.value ?? reference?.value ?? location.path ?? location.document
  }
}
