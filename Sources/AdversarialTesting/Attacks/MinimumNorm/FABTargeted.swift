/// The fast adaptive boundary attack towards each of the likeliest other classes in turn.
///
/// For a goal that is no class it walks to the boundary of each alternative.
/// Source: Croce, Hein, "Minimally distorted adversarial examples with a fast adaptive boundary attack",
/// ICML 2020.
public struct FABTargeted: TargetedAttack {
  public static let name = "fab-t"
  public static var norms: [PerturbationNorm] { FABSearch.norms }
  public static var minimisesDistance: Bool { true }

  public var iterations: Int
  public var restarts: Int
  public var targets: Int

  public init(iterations: Int, restarts: Int, targets: Int) {
    self.iterations = iterations
    self.restarts = restarts
    self.targets = targets
    precondition(isUsable, "an attack needs steps, starts and targets")
  }

  public var parameters: [AttackParameter] {
    aimedEffort + [AttackParameter("alpha_max, eta, beta", "0.1, 1.05, 0.9")]
  }

  public func search(
    _ batch: AttackBatch, asking oracle: inout TargetOracle
  ) throws -> [AttackFinding] {
    try requireNorm(of: batch)
    var session = try SearchSession(batch, aim: .nearest, asking: &oracle)
    try aim(&session, asking: &oracle) { session, aims, rank, restart, oracle in
      // The first start is the original whatever the target; the others are drawn anew for each.
      try FABSearch(iterations: iterations).run(
        &session, targets: aims, restart: restart == 0 ? 0 : rank * restarts + restart,
        asking: &oracle)
    }
    return session.findings()
  }
}
