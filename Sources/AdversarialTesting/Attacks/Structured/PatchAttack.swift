import EngineSupport

/// Changes confined to one rectangle of the sample: a sticker on a dial, a few neighbouring samples of a signal.
///
/// Projected gradient steps with everything outside the patch held; several places are tried. Within an L0
/// set the patch is as large as the budget allows, within the others it covers `share` of the sample.
/// Source: Brown et al., "Adversarial patch", 2017 (here fitted to each sample).
public struct PatchAttack: AdversarialAttack {
  public static let name = "patch"
  public static let needs = TargetAccess.gradients

  /// The share of the sample that the patch covers, where the budget does not count elements.
  public var share: Double
  /// Places tried.
  public var places: Int
  public var iterations: Int

  public init() { self.init(share: 0.1, places: 5, iterations: 40) }

  /// All must be positive, the share at most 1.
  public init(share: Double, places: Int, iterations: Int) {
    self.share = share
    self.places = places
    self.iterations = iterations
    precondition(isUsable, "a patch has a place")
  }

  public var isUsable: Bool {
    share > 0 && share <= 1 && places.isCount && iterations.isCount
  }

  public var parameters: [AttackParameter] {
    [
      AttackParameter("share", DecimalText.exact(share)),
      AttackParameter("places", String(places)),
      AttackParameter("iterations", String(iterations)),
      AttackParameter("loss", AttackLoss.margin.rawValue),
    ]
  }

  public func search(
    _ batch: AttackBatch, asking oracle: inout TargetOracle
  ) throws -> [AttackFinding] {
    var session = try SearchSession(batch, asking: &oracle)
    let region = session.region
    let width = region.width
    let windows = SquareWindows(shape: batch.set.limits.shape)
    let reach = (0..<session.count).map { region.reach(of: $0) }
    for place in 0..<places where !session.active.isEmpty {
      var masks: [[Bool]] = []
      for row in 0..<session.count {
        var random = batch.random(row: row, restart: place)
        masks.append(mask(region, windows, &random))
      }
      var points = region.originals
      for iteration in 0..<iterations {
        session.retire(unaffordable: 1, asking: oracle)
        let rows = session.active
        if rows.isEmpty { break }
        var packed = region.gather(points, rows: rows)
        let answer = try session.gradients(
          at: &packed, rows: rows, of: .margin, wantsLosses: false, asking: &oracle)
        var gradient = answer.gradient
        let length = 0.5 * (1 - Double(iteration) / Double(iterations))
        for (place, row) in rows.enumerated() {
          for index in 0..<width where !masks[row][index] { gradient[place * width + index] = 0 }
          region.step(
            &points, at: row * width, row: row, along: gradient, from: place * width,
            by: length * reach[row])
        }
      }
      session.retire(unaffordable: 1, asking: oracle)
      let rows = session.active
      if rows.isEmpty { break }
      var packed = region.gather(points, rows: rows)
      _ = try session.margins(at: &packed, rows: rows, asking: &oracle)
    }
    return session.findings()
  }

  private func mask(
    _ region: PerturbationRegion, _ windows: SquareWindows, _ random: inout SeededRandom
  ) -> [Bool] {
    var covered = share
    if region.norm == .l0 { covered = min(1, region.radius / Double(region.width)) }
    let window = windows.window(share: covered, atLeast: 1, odd: false, random: &random)
    var mask = [Bool](repeating: false, count: region.width)
    for channel in 0..<windows.channels {
      for index in windows.positions(window, channel: channel) { mask[index] = true }
    }
    return mask
  }
}
