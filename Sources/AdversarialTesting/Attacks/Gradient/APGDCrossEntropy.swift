/// Auto-PGD on the cross-entropy, the first stage of AutoAttack.
///
/// Source: Croce, Hein, ICML 2020.
public struct APGDCrossEntropy: AdversarialAttack {
  public static let name = "apgd-ce"
  public static let needs = TargetAccess.gradients
  public static var norms: [PerturbationNorm] { APGDSearch.norms }

  public var iterations: Int
  public var restarts: Int

  public init() { self.init(iterations: 100, restarts: 1) }

  /// Both must be positive.
  public init(iterations: Int, restarts: Int) {
    precondition(iterations > 0 && restarts > 0, "an attack needs at least one step and one start")
    self.iterations = iterations
    self.restarts = restarts
  }

  public var parameters: [AttackParameter] {
    [
      AttackParameter("iterations", String(iterations)),
      AttackParameter("restarts", String(restarts)),
      AttackParameter("loss", AttackLoss.crossEntropy.rawValue),
    ]
  }

  public var doubled: (any AdversarialAttack)? {
    APGDCrossEntropy(iterations: 2 * iterations, restarts: 2 * restarts)
  }

  public func search(
    _ batch: AttackBatch, asking oracle: inout TargetOracle
  ) throws -> [AttackFinding] {
    try requireNorm(of: batch)
    var session = try SearchSession(batch, asking: &oracle)
    for restart in 0..<restarts where !session.active.isEmpty {
      try APGDSearch(iterations: iterations, loss: .crossEntropy).run(
        &session, targets: [], restart: restart, asking: &oracle)
    }
    return session.findings()
  }
}
