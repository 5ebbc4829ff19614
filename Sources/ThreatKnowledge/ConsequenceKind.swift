/// What the owner of a plant fears, and the step of the industrial language that stands for it.
public enum ConsequenceKind: String, Sendable, Hashable, CaseIterable {
  case lossOfControl = "loss-of-control"
  case lossOfView = "loss-of-view"
  case manipulationOfView = "manipulation-of-view"
  case unsafeSetPoint = "unsafe-set-point"

  /// The step's name; the asset must be of `assetType` or inherit from it.
  public var step: String {
    switch self {
    case .lossOfControl: "lossOfControl"
    case .lossOfView: "lossOfView"
    case .manipulationOfView: "manipulationOfView"
    case .unsafeSetPoint: "unsafeSetPoint"
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
