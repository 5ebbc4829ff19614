/// The fast adaptive boundary attack towards each of the likeliest other classes in turn.
///
/// For a goal that is no class it walks to the boundary of each alternative.
/// Source: Croce, Hein, "Minimally distorted adversarial examples with a fast adaptive boundary attack",
/// ICML 2020.
public struct FABTargeted: AdversarialAttack {
  public static let name = "fab-t"
  public static let needs = TargetAccess.gradients
  public static var norms: [PerturbationNorm] { FABSearch.norms }
  public static var minimisesDistance: Bool { true }

  public var iterations: Int
  public var restarts: Int
  /// Alternatives tried, nearest first.
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
      AttackParameter("alpha_max, eta, beta", "0.1, 1.05, 0.9"),
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
    var session = try SearchSession(batch, aim: .nearest, asking: &oracle)
    let ranked = try session.rankedAlternatives(asking: &oracle)
    for rank in 0..<targets {
      for row in session.active where ranked[row].count <= rank { session.retire(row) }
      let aims = ranked.map { $0.count > rank ? $0[rank] : 0 }
      for restart in 0..<restarts where !session.active.isEmpty {
        try FABSearch(iterations: iterations).run(
          &session, targets: aims, restart: restart == 0 ? 0 : rank * restarts + restart,
          asking: &oracle)
      }
    }
    return session.findings()
  }
}
