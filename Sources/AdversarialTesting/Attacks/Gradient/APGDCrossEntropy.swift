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
    self.iterations = iterations
    self.restarts = restarts
    precondition(isUsable, "an attack needs at least one step and one start")
  }

  public var isUsable: Bool {
    iterations.isCount && restarts.isCount
  }

  public var parameters: [AttackParameter] {
    [
      AttackParameter("iterations", String(iterations)),
      AttackParameter("restarts", String(restarts)),
      AttackParameter("loss", AttackLoss.crossEntropy.rawValue),
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
    for restart in 0..<restarts where !session.active.isEmpty {
      try APGDSearch(iterations: iterations, loss: .crossEntropy).run(
        &session, targets: [], restart: restart, asking: &oracle)
    }
    return session.findings()
  }
}
