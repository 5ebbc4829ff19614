public import AdversarialTesting

/// Certificates and attacks of one attacker side by side, for the samples that were certified.
public struct BracketResult: Sendable {
  public var front: TestPlan.Front
  /// What the distances count.
  public var unit: String
  /// Brackets in the order of the rows, and robust accuracy at each budget of the attacker.
  public var summary: BracketSummary
}
