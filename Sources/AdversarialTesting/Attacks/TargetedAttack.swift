import EngineSupport

/// An attack that aims at each of the likeliest alternatives in turn, nearest first.
///
/// For a goal that is no class, the alternatives are the goal's own; for a regression +f and -f. Source: Croce,
/// Hein, ICML 2020 (100 steps, one start, nine targets).
public protocol TargetedAttack: RestartedAttack {
  /// Alternatives tried, nearest first.
  var targets: Int { get set }
  /// All must be positive.
  init(iterations: Int, restarts: Int, targets: Int)
}

extension TargetedAttack {
  public init() { self.init(iterations: 100, restarts: 1, targets: 9) }

  public var isUsable: Bool { iterations.isCount && restarts.isCount && targets.isCount }

  /// Steps, starts and targets as evidence shows them.
  var aimedEffort: [AttackParameter] {
    effort + [AttackParameter("targets", String(targets))]
  }

  /// Runs a search for each rank of alternative and each start on the rows that are left.
  ///
  /// - Parameter search: gets the alternative of each row of the batch, the rank, and the start's number.
  func aim(
    _ session: inout SearchSession, asking oracle: inout TargetOracle,
    search: (inout SearchSession, [Int], _ rank: Int, _ restart: Int, inout TargetOracle) throws ->
      Void
  ) throws {
    let ranked = try session.rankedAlternatives(asking: &oracle)
    for rank in 0..<targets {
      for row in session.active where ranked[row].count <= rank { session.retire(row) }
      let aims = ranked.map { $0.count > rank ? $0[rank] : 0 }
      for restart in 0..<restarts where !session.active.isEmpty {
        try search(&session, aims, rank, restart, &oracle)
      }
    }
  }
}
