/// Whether one component meets one requirement of IEC 62443-4-2, as far as defences and their evidence tell.
public struct RequirementStatus: Sendable {
  public enum State: String, Sendable, Hashable, CaseIterable {
    /// Defences that implement it are in place, and files show each of them.
    case supported
    /// Defences that implement it are said to be in place.
    case claimed
    /// At least one defence that it needs is not said to be in place.
    case open
    /// A test of a model showed that it is not met.
    case refuted = "refuted by test"
    /// No defence of the threat language on this component implements it, so nothing can be said.
    case notJudged = "not judged"
  }

  /// Such as `CR 3.1 RE(1)`.
  public var id: String
  public var name: String
  public var requirement: SecurityLevelVector.Requirement
  /// The lowest capability level that asks for it, 1…4.
  public var level: Int
  public var state: State
  /// `asset:defence` of what implements it here, in the order of the graph.
  public var defenses: [String]
  /// Those of them that are not said to be in place.
  public var missing: [String]
  /// Test runs that refute it.
  public var testRuns: [String]
}

/// The achieved level of one component against what is asked of it.
public struct ComponentLevel: Sendable {
  /// The component's name.
  public var component: String
  public var type: ComponentType
  /// Asked by the product file for the component, or else for its zone.
  public var target: SecurityLevelVector
  /// All requirements of the component's type that have a level, in the order of the catalogue.
  public var requirements: [RequirementStatus]

  /// The highest level, for each foundational requirement, up to which everything that could be judged is at least
  /// `claimed`; with evidence only, at least `supported`.
  public func achieved(withEvidenceOnly: Bool) -> SecurityLevelVector {
    var vector = SecurityLevelVector(4)
    for status in requirements {
      let isMet =
        switch status.state {
        case .supported, .notJudged: true
        case .claimed: !withEvidenceOnly
        case .open, .refuted: false
        }
      guard !isMet else { continue }
      vector[status.requirement] = min(vector[status.requirement], status.level - 1)
    }
    // Where nothing could be judged, nothing is achieved.
    for requirement in SecurityLevelVector.Requirement.allCases
    where !requirements.contains(where: {
      $0.requirement == requirement && $0.state != .notJudged
    }) {
      vector[requirement] = 0
    }
    return vector
  }

  /// What stands between the component and its target, in the order of the catalogue.
  public var gaps: [RequirementStatus] {
    requirements.filter { status in
      status.level <= target[status.requirement]
        && (status.state == .open || status.state == .refuted)
    }
  }
}

/// The achieved level of a zone: that of its weakest component, for each foundational requirement.
public struct ZoneLevel: Sendable {
  public var zone: String
  public var target: SecurityLevelVector
  public var achieved: SecurityLevelVector
  public var achievedWithEvidence: SecurityLevelVector
  /// Components that were judged.
  public var components: [String]
}

/// Target and achieved security levels of the product; empty where the product file asks for none.
public struct SecurityLevels: Sendable {
  public var components: [ComponentLevel]
  public var zones: [ZoneLevel]
  /// Id, version and digest of the catalogue of requirements.
  public var catalogue: String
}
