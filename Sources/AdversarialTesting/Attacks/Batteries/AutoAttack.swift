/// The standard AutoAttack battery: APGD-CE, APGD-T, FAB-T and Square, each on the samples that are left.
///
/// 100 iterations, 9 targets and 5,000 queries; in L1 five restarts of APGD-CE and five targets of APGD-T
/// with the large-radius schedule. With fewer than four classes the targeted ratio of logits is undefined
/// and the plain logit difference takes its place; the parameters say so.
/// Source: Croce, Hein, ICML 2020, and the authors' repository (`standard`).
public struct AutoAttack: AdversarialAttack {
  public static let name = "auto-attack"
  public static let needs = TargetAccess.gradients
  public static var norms: [PerturbationNorm] { [.linf, .l2, .l1] }

  /// Steps of each gradient stage; 100 is the standard.
  public var iterations: Int
  /// Queries of the last stage; 5,000 is the standard.
  public var queries: Int

  public init() { self.init(iterations: 100, queries: 5_000) }

  /// Both must be positive.
  public init(iterations: Int, queries: Int) {
    self.iterations = iterations
    self.queries = queries
    precondition(isUsable, "a battery needs steps and queries")
  }

  public var isUsable: Bool {
    iterations.isCount && queries.isCount
  }

  public var parameters: [AttackParameter] {
    [
      AttackParameter("stages", "apgd-ce, apgd-t, fab-t, square"),
      AttackParameter("iterations", String(iterations)),
      AttackParameter("queries", String(queries)),
      AttackParameter("targets", "9 (apgd-t in L1: 5)"),
      AttackParameter("restarts", "1 (apgd-ce in L1: 5)"),
      AttackParameter(
        "fewer than four classes", "the logit difference replaces the targeted logit ratio"),
    ]
  }

  /// The stages in their order for a norm.
  func stages(norm: PerturbationNorm) -> [any AdversarialAttack] {
    let isSparse = norm == .l1
    return [
      APGDCrossEntropy(iterations: iterations, restarts: isSparse ? 5 : 1),
      APGDTargeted(iterations: iterations, restarts: 1, targets: isSparse ? 5 : 9),
      FABTargeted(iterations: iterations, restarts: 1, targets: 9),
      SquareAttack(queries: queries),
    ]
  }

  public var doubled: (any AdversarialAttack)? {
    var doubled = self
    doubled.iterations *= 2
    doubled.queries *= 2
    return doubled.isUsable ? doubled : nil
  }

  public func search(
    _ batch: AttackBatch, asking oracle: inout TargetOracle
  ) throws -> [AttackFinding] {
    try requireNorm(of: batch)
    return try AttackSequence(stages(norm: batch.set.norm)).search(batch, asking: &oracle)
  }
}
