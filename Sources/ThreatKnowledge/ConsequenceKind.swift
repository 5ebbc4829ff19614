/// What the owner of a plant fears, and the step of the industrial language that stands for it.
///
/// Most are impacts of ATT&CK for ICS; the others belong to learning components and their data.
public enum ConsequenceKind: String, Sendable, Hashable, CaseIterable {
  case damageToProperty = "damage-to-property"
  case denialOfControl = "denial-of-control"
  case denialOfView = "denial-of-view"
  case lossOfAvailability = "loss-of-availability"
  case lossOfControl = "loss-of-control"
  case lossOfEvidence = "loss-of-evidence"
  case lossOfProductivity = "loss-of-productivity"
  case lossOfProtection = "loss-of-protection"
  case lossOfSafety = "loss-of-safety"
  case lossOfView = "loss-of-view"
  case manipulationOfView = "manipulation-of-view"
  case modelTheft = "model-theft"
  case privacyLoss = "privacy-loss"
  case silentDegradation = "silent-degradation"
  case theftOfOperationalInformation = "theft-of-operational-information"
  case trainingDataDisclosure = "training-data-disclosure"
  case unsafeSetPoint = "unsafe-set-point"
  case wrongDecision = "wrong-decision"

  /// The step's name: `lossOfView` for `loss-of-view`.
  public var step: String {
    let words = rawValue.split(separator: "-")
    return words.dropFirst().reduce(words.first.map(String.init) ?? "") {
      $0 + $1.prefix(1).uppercased() + $1.dropFirst()
    }
  }

  /// For headings: `Loss of view`.
  public var title: String {
    switch self {
    case .unsafeSetPoint: "Unsafe set-point"
    default:
      rawValue.prefix(1).uppercased()
        + rawValue.dropFirst().split(separator: "-").joined(separator: " ")
    }
  }
}

/// Which step of a learning component a test demonstrates: where a measured rate enters the graph.
public enum DemonstratedStep: String, Sendable, Hashable, CaseIterable {
  /// Projected gradient descent within what an attacker at the sensor can change.
  case evadeBySensor
  /// Projected gradient descent within what an attacker in the network can change.
  case evadeByNetwork
  /// The sensor's own noise, without an attacker.
  case errUnderNoise
}
