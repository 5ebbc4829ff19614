/// Auto-PGD towards each of the likeliest other classes in turn, on the targeted difference of logits ratio.
///
/// With fewer than four classes, or for a goal that is no class, the difference to the one alternative is
/// climbed instead; for a regression these are the attacks on +f and on -f.
/// Source: Croce, Hein, ICML 2020.
public struct APGDTargeted: TargetedAttack {
  public static let name = "apgd-t"
  public static var norms: [PerturbationNorm] { APGDSearch.norms }

  public var iterations: Int
  public var restarts: Int
  /// Alternatives tried, nearest first (5 in the authors' L1 battery, else 9).
  public var targets: Int

  public init(iterations: Int, restarts: Int, targets: Int) {
    self.iterations = iterations
    self.restarts = restarts
    self.targets = targets
    precondition(isUsable, "an attack needs steps, starts and targets")
  }

  public var parameters: [AttackParameter] {
    aimedEffort + [AttackParameter("loss", AttackLoss.targetedLogitRatio.rawValue)]
  }

  public func search(
    _ batch: AttackBatch, asking oracle: inout TargetOracle
  ) throws -> [AttackFinding] {
    try requireNorm(of: batch)
    var session = try SearchSession(batch, asking: &oracle)
    try aim(&session, asking: &oracle) { session, aims, rank, restart, oracle in
      try APGDSearch(iterations: iterations, loss: .targetedLogitRatio).run(
        &session, targets: aims, restart: rank * restarts + restart, asking: &oracle)
    }
    return session.findings()
  }
}
