public import EngineSupport

/// What a descriptor says about where models and data sets come from: the result of every importer.
public struct Lineage: Hashable, Sendable {
  public var format: DescriptorFormat
  /// The version of the format the document declares.
  public var formatVersion: Located<String>
  /// The document's own identity, a `urn:uuid:` in CycloneDX.
  public var serialNumber: Located<String>?
  /// When the document says it was written; text as it stands.
  public var timestamp: Located<String>?
  /// The product the document is about.
  public var subject: Located<String>?
  /// In document order.
  public var models: [ModelDescriptor] = []
  /// In document order: data components first, then those described inside a model card.
  public var dataSets: [DataSetDescriptor] = []
  /// Components that are neither model nor data set.
  public var otherComponents = 0
  /// References to elements that the document does not hold.
  public var danglingReferences: [Located<String>] = []
  public var unread = UnreadMembers()

  public init(format: DescriptorFormat, formatVersion: Located<String>) {
    self.format = format
    self.formatVersion = formatVersion
  }
}

/// Members of the document that the importer did not read: allowed, but never silently lost.
public struct UnreadMembers: Hashable, Sendable {
  /// How many, each counted with all it contains as one.
  public var count = 0
  /// The first of them, in the order they were met.
  public var examples: [SourceLocation] = []

  public static let exampleLimit = 50

  public init() {}
}
