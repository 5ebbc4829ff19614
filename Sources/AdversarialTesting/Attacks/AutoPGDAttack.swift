/// Auto-PGD on one loss that has no target: the attacks of this family differ in the loss alone.
///
/// Source: Croce, Hein, "Reliable evaluation of adversarial robustness with an ensemble of diverse parameter-free
/// attacks", ICML 2020 (100 steps, one start).
public protocol AutoPGDAttack: RestartedAttack {
  static var loss: AttackLoss { get }
  /// Both must be positive.
  init(iterations: Int, restarts: Int)
}

extension AutoPGDAttack {
  public static var norms: [PerturbationNorm] { APGDSearch.norms }

  public init() { self.init(iterations: 100, restarts: 1) }

  public var isUsable: Bool { iterations.isCount && restarts.isCount }

  public var parameters: [AttackParameter] {
    effort + [AttackParameter("loss", Self.loss.rawValue)]
  }

  public func search(
    _ batch: AttackBatch, asking oracle: inout TargetOracle
  ) throws -> [AttackFinding] {
    try requireNorm(of: batch)
    var session = try SearchSession(batch, asking: &oracle)
    for restart in 0..<restarts where !session.active.isEmpty {
      try APGDSearch(iterations: iterations, loss: Self.loss).run(
        &session, targets: [], restart: restart, asking: &oracle)
    }
    return session.findings()
  }
}
