public import EngineSupport

/// One machine-learning model as its descriptor presents it.
public struct ModelDescriptor: Hashable, Sendable {
  /// The identifier other elements refer to.
  public var reference: Located<String>?
  public var name: Located<String>
  public var version: Located<String>?
  public var group: Located<String>?
  public var supplier: Located<String>?
  public var summary: Located<String>?
  public var hashes: [DeclaredHash] = []
  public var licences: [DeclaredLicence] = []
  public var externalReferences: [ExternalReference] = []
  /// Properties of the component and of its model card, in document order.
  public var properties: [DescriptorProperty] = []
  /// `nil` when the component has none.
  public var card: ModelCard?
  public var location: SourceLocation

  init(name: Located<String>, location: SourceLocation) {
    self.name = name
    self.location = location
  }
}

/// The model card: parameters, measured quality, and what the model is and is not for.
public struct ModelCard: Hashable, Sendable {
  /// Such as `supervised`.
  public var approach: Located<String>?
  public var task: Located<String>?
  public var architectureFamily: Located<String>?
  public var architecture: Located<String>?
  public var dataSets: [DataSetUse] = []
  public var inputFormats: [Located<String>] = []
  public var outputFormats: [Located<String>] = []
  public var metrics: [PerformanceMetric] = []
  public var users: [Located<String>] = []
  public var useCases: [Located<String>] = []
  public var limitations: [Located<String>] = []
  public var tradeoffs: [Located<String>] = []
  /// Names of risks, with their mitigation in brackets where one is given.
  public var ethicalConsiderations: [Located<String>] = []
  /// Groups at risk, as named.
  public var fairnessAssessments: [Located<String>] = []
  public var location: SourceLocation

  init(location: SourceLocation) { self.location = location }
}

/// A model's use of a data set.
public struct DataSetUse: Hashable, Sendable {
  public enum Target: Hashable, Sendable {
    /// An index into `Lineage.dataSets`.
    case described(Int)
    /// A BOM-Link (`urn:cdx:`) into another document.
    case elsewhere(String)
    /// The document holds no data set of that name.
    case dangling(String)
  }

  public var target: Target
  public var location: SourceLocation
}

/// One measured figure of quality.
public struct PerformanceMetric: Hashable, Sendable {
  public var kind: Located<String>?
  /// Text as it stands; see `number`.
  public var value: Located<String>?
  /// The part of the data it was measured on.
  public var slice: Located<String>?
  public var lowerBound: Located<String>?
  public var upperBound: Located<String>?
  public var location: SourceLocation

  /// The value where its text is a finite number.
  public var number: Double? { Self.finite(value) }

  /// Whether value and bounds are all numbers and the value lies outside them.
  var contradictsItsInterval: Bool {
    guard let number, let low = Self.finite(lowerBound), let high = Self.finite(upperBound) else {
      return false
    }
    return !(low <= number && number <= high)
  }

  private static func finite(_ text: Located<String>?) -> Double? {
    guard let number = text.flatMap({ Double($0.value) }), number.isFinite else { return nil }
    return number
  }
}
