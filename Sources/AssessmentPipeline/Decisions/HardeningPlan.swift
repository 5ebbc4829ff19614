public import AttackGraphs

/// Which defences put the consequences out of reach, at what cost, and what single steps everything rests on.
public struct HardeningPlan: Sendable {
  /// In the order of the product file's consequences, then one entry for all of them together.
  public var goals: [GoalHardening]
  /// What each budget buys, all consequences weighed alike; the cheapest first.
  public var front: [FrontPoint]
  /// The front's last point makes everything unreachable that can be made so.
  public var isFrontComplete: Bool
  /// Steps without which consequences cannot be reached, the ones that cut most first.
  public var chokePoints: [ChokePoint]
  /// How many defences may be absent now.
  public var possibleDefenses: Int

  public struct Defense: Sendable, Hashable {
    public var step: AttackGraph.StepID
    public var name: String
    public var cost: Int
  }

  public struct GoalHardening: Sendable {
    /// Ids of the consequences that are to be out of reach.
    public var consequences: [String]
    public var outcome: Outcome
  }

  public enum Outcome: Sendable {
    /// No attacker reaches it as it is.
    case outOfReach
    /// It is reached without passing any defence: these steps, causes first.
    case impossible([String])
    case found(Found)
  }

  public struct Found: Sendable {
    /// The first of the cheapest sets in the order of the graph.
    public var defenses: [Defense]
    public var cost: Int
    /// No set costs less than this; equal to `cost` where the set is proven cheapest.
    public var lowerBound: Int
    /// A second search, which shares nothing with the solver, came to the same least cost.
    public var isConfirmed: Bool
    /// Every set of which no member can be spared, the cheapest first, up to a limit.
    public var alternatives: [[Defense]]
    public var areAlternativesComplete: Bool

    public var isProven: Bool { lowerBound == cost }
  }

  public struct FrontPoint: Sendable {
    public var defenses: [Defense]
    public var cost: Int
    /// Ids of the consequences that are still reached.
    public var stillReached: [String]
  }

  public struct ChokePoint: Sendable {
    public var step: AttackGraph.StepID
    public var name: String
    /// Ids of the consequences that cannot be reached without it.
    public var consequences: [String]
  }
}
