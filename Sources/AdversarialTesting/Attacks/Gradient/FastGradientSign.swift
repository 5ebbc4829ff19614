import TensorCore

/// The single-step attack: the reading moved by the whole budget along the steepest direction of the norm.
///
/// It is the control that an iterative attack must not fall behind (self-check S3).
/// Source: Goodfellow, Shlens, Szegedy, "Explaining and harnessing adversarial examples", ICLR 2015.
public struct FastGradientSign: AdversarialAttack {
  public static let name = "fast-gradient-sign"
  public static let needs = TargetAccess.gradients

  public var loss: AttackLoss

  public init() { self.init(loss: .crossEntropy) }

  /// The loss must not be a targeted one.
  public init(loss: AttackLoss) {
    self.loss = loss
    precondition(isUsable, "a single step has no target")
  }

  public var isUsable: Bool {
    !loss.isTargeted
  }

  public var parameters: [AttackParameter] { [AttackParameter("loss", loss.rawValue)] }

  public func search(
    _ batch: AttackBatch, asking oracle: inout TargetOracle
  ) throws -> [AttackFinding] {
    var session = try SearchSession(batch, asking: &oracle)
    session.retire(unaffordable: 1, asking: oracle)
    let rows = session.active
    guard !rows.isEmpty else { return session.findings() }
    var points = session.region.gather(batch.originals.elements, rows: rows)
    let gradient = try session.gradients(
      at: &points, rows: rows, of: loss, wantsLosses: false, asking: &oracle
    ).gradient
    session.retire(unaffordable: 1, asking: oracle)
    let region = session.region
    points = region.originals
    for (place, row) in rows.enumerated() {
      region.stepToTheEdge(
        &points, at: row * region.width, row: row, along: gradient, from: place * region.width)
    }
    var packed = region.gather(points, rows: session.active)
    if !session.active.isEmpty {
      _ = try session.margins(at: &packed, rows: session.active, asking: &oracle)
    }
    return session.findings()
  }
}
