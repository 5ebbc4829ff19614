import EngineSupport
import YAMLDocuments

/// A security level of IEC 62443, 0 to 4, for each of the seven foundational requirements.
public struct SecurityLevelVector: Sendable, Hashable {
  /// The foundational requirements of IEC 62443-3-3 in their order, by their usual abbreviations.
  public enum Requirement: Int, Sendable, Hashable, CaseIterable {
    case identificationAndAuthentication = 1
    case useControl, systemIntegrity, dataConfidentiality, restrictedDataFlow, timelyResponse,
      resourceAvailability

    public var abbreviation: String { ["IAC", "UC", "SI", "DC", "RDF", "TRE", "RA"][rawValue - 1] }
  }

  /// One level for each requirement, in the order of `Requirement`.
  public private(set) var levels: [Int]

  public init(_ level: Int) { levels = Array(repeating: level, count: Requirement.allCases.count) }

  public subscript(requirement: Requirement) -> Int {
    get { levels[requirement.rawValue - 1] }
    set { levels[requirement.rawValue - 1] = newValue }
  }

  /// `2`, or `IAC 2, UC 1, …` where levels differ.
  public var text: String {
    guard Set(levels).count > 1 else { return "\(levels[0])" }
    return Requirement.allCases.map { "\($0.abbreviation) \(self[$0])" }.joined(separator: ", ")
  }
}

extension SecurityLevelVector {
  /// One number for all, or a mapping from abbreviations to numbers, where what is not named is 0.
  init?(_ value: YAMLValue?, _ diagnostics: inout Diagnostics) throws(Diagnostic) {
    guard let value else { return nil }
    guard value.isMapping else {
      self.init(try value.integer(in: 0...4))
      return
    }
    self.init(0)
    var section = try value.section()
    for requirement in Requirement.allCases {
      if let level = section.optional(requirement.abbreviation) {
        self[requirement] = try level.integer(in: 0...4)
      }
    }
    section.finish(reportingTo: &diagnostics)
  }
}
