/// How much of the target an attacker sees, from least to most.
public enum TargetAccess: String, Sendable, Hashable, Comparable, Codable, CaseIterable {
  /// Whether a chosen input reaches the goal: the predicted label alone.
  case decisions
  /// Scores of chosen inputs.
  case scores
  /// Scores and gradients: the attacker has the model file.
  case gradients

  public static func < (left: TargetAccess, right: TargetAccess) -> Bool {
    left.rank < right.rank
  }

  private var rank: Int {
    switch self {
    case .decisions: 0
    case .scores: 1
    case .gradients: 2
    }
  }
}
