import TensorCore

/// The single-step attack: the reading moved by the whole budget along the steepest direction of the norm.
///
/// It is the control that an iterative attack must not fall behind (self-check S3).
/// Source: Goodfellow, Shlens, Szegedy, "Explaining and harnessing adversarial examples", ICLR 2015.
public struct FastGradientSign: AdversarialAttack, Hashable, Codable {
  public static let name = "fast-gradient-sign"
  public static let needs = TargetAccess.gradients

  public var loss: AttackLoss

  public init() { self.init(loss: .crossEntropy) }

  /// The loss must not be a targeted one.
  public init(loss: AttackLoss) {
    precondition(!loss.isTargeted, "a single step has no target")
    self.loss = loss
  }

  public var parameters: [AttackParameter] { [AttackParameter("loss", loss.rawValue)] }

  public func search(
    _ batch: AttackBatch, asking oracle: inout TargetOracle
  ) throws -> [AttackFinding] {
    guard !batch.samples.isEmpty else { return [] }
    var session = try SearchSession(batch, asking: &oracle)
    let rows = session.active
    var points = batch.originals.elements
    let gradient = try session.gradients(
      at: &points, rows: rows, of: loss, wantsLosses: false, asking: &oracle
    ).gradient
    session.retire(unaffordable: 1, asking: oracle)
    let region = session.region
    points = region.originals
    for row in rows {
      region.stepToTheEdge(&points, at: row * region.width, row: row, along: gradient)
    }
    var packed = region.gather(points, rows: session.active)
    if !session.active.isEmpty {
      _ = try session.margins(at: &packed, rows: session.active, asking: &oracle)
    }
    return session.findings()
  }
}
