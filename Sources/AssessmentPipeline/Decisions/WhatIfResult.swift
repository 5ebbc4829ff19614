/// What one change of defences does to the consequences.
public struct WhatIfResult: Sendable {
  /// From the product file, or made up by whoever asks.
  public var id: String
  public var description: String
  public var enabled: [String]
  public var disabled: [String]
  /// Steps whose measured rate is assumed to be another.
  public var assumed: [Assumption]
  /// Steps that an attacker at both fronts no longer reaches, and reaches anew; by name, in graph order.
  public var lost: [String]
  public var gained: [String]
  /// In the order of the product file's consequences.
  public var goals: [Goal]

  public struct Assumption: Sendable, Hashable {
    public var step: String
    public var rate: Double
  }

  public struct Goal: Sendable {
    /// The consequence's id, or the step's name.
    public var id: String
    public var before: State
    public var after: State
  }

  public struct State: Sendable, Hashable {
    public var byNetworkAlone: Bool
    public var bySensorAlone: Bool
    public var byBoth: Bool
    /// Probability of the best attack path from both fronts or fewer; 0 where there is none.
    public var probability: Double
  }
}
