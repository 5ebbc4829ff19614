/// Auto-PGD towards each of the likeliest other classes in turn, on the targeted difference of logits ratio.
///
/// With fewer than four classes, or for a goal that is no class, the difference to the one alternative is
/// climbed instead; for a regression these are the attacks on +f and on -f.
/// Source: Croce, Hein, ICML 2020.
public struct APGDTargeted: AdversarialAttack {
  public static let name = "apgd-t"
  public static let needs = TargetAccess.gradients
  public static var norms: [PerturbationNorm] { APGDSearch.norms }

  public var iterations: Int
  public var restarts: Int
  /// Alternatives tried, nearest first (5 in the authors' L1 battery, else 9).
  public var targets: Int

  public init() { self.init(iterations: 100, restarts: 1, targets: 9) }

  /// All must be positive.
  public init(iterations: Int, restarts: Int, targets: Int) {
    self.iterations = iterations
    self.restarts = restarts
    self.targets = targets
    precondition(isUsable, "an attack needs steps, starts and targets")
  }

  public var isUsable: Bool {
    iterations.isCount && restarts.isCount && targets.isCount
  }

  public var parameters: [AttackParameter] {
    [
      AttackParameter("iterations", String(iterations)),
      AttackParameter("restarts", String(restarts)), AttackParameter("targets", String(targets)),
      AttackParameter("loss", AttackLoss.targetedLogitRatio.rawValue),
    ]
  }

  public var doubled: (any AdversarialAttack)? {
    var doubled = self
    doubled.iterations *= 2
    doubled.restarts *= 2
    return doubled.isUsable ? doubled : nil
  }

  public func search(
    _ batch: AttackBatch, asking oracle: inout TargetOracle
  ) throws -> [AttackFinding] {
    try requireNorm(of: batch)
    var session = try SearchSession(batch, asking: &oracle)
    let ranked = try session.rankedAlternatives(asking: &oracle)
    for rank in 0..<targets {
      for row in session.active where ranked[row].count <= rank { session.retire(row) }
      let aims = ranked.map { $0.count > rank ? $0[rank] : 0 }
      for restart in 0..<restarts where !session.active.isEmpty {
        try APGDSearch(iterations: iterations, loss: .targetedLogitRatio).run(
          &session, targets: aims, restart: rank * restarts + restart, asking: &oracle)
      }
    }
    return session.findings()
  }
}
