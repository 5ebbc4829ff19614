import EngineSupport

/// False data that a state estimator's residual does not show: changes of the form a = H c, and those alone.
///
/// Projected gradient steps on c; a change that leaves the perturbation set is shortened, never bent, so that
/// it stays in the range of H. Where the model has a residual limit, a reading that would raise the alarm
/// (because rounding onto the grid left the range of H) is no finding.
/// Source: Liu, Ning, Reiter, CCS 2009.
public struct FalseDataInjection: AdversarialAttack {
  public static let name = "false-data-injection"
  public static let needs = TargetAccess.gradients

  public var iterations: Int
  public var restarts: Int
  /// `nil` for a common offset of all elements, the attack on a difference measurement.
  public var model: MeasurementModel?

  public init() { self.init(model: nil, iterations: 40, restarts: 2) }

  /// `iterations` and `restarts` must be positive.
  public init(model: MeasurementModel?, iterations: Int, restarts: Int) {
    self.model = model
    self.iterations = iterations
    self.restarts = restarts
    precondition(isUsable, "an attack needs at least one step and one start")
  }

  public var isUsable: Bool {
    iterations.isCount && restarts.isCount
  }

  public var parameters: [AttackParameter] {
    [
      AttackParameter(
        "measurement matrix",
        model.map { "\($0.matrix.count) x \($0.matrix[0].count)" } ?? "a common offset"),
      AttackParameter(
        "residual limit", model?.residualLimit.map { DecimalText.exact($0) } ?? "none"),
      AttackParameter("iterations", String(iterations)),
      AttackParameter("restarts", String(restarts)),
    ]
  }

  public func search(
    _ batch: AttackBatch, asking oracle: inout TargetOracle
  ) throws -> [AttackFinding] {
    let width = batch.set.limits.count
    let model = try self.model ?? MeasurementModel(matrix: Array(repeating: [1], count: width))
    guard model.matrix.count == width else {
      throw Diagnostic(
        "test.measurement.shape",
        "the measurement matrix has \(model.matrix.count) rows, a sample \(width) elements")
    }
    var session = try SearchSession(batch, detector: self.model, asking: &oracle)
    let region = session.region
    for restart in 0..<restarts where !session.active.isEmpty {
      var changes = [Double](repeating: 0, count: region.originals.count)
      if restart > 0 {
        for row in session.active { scatter(&changes, row, model, batch, region, restart) }
      }
      for iteration in 0...iterations {
        session.retire(unaffordable: 1, asking: oracle)
        let rows = session.active
        if rows.isEmpty { break }
        var packed = points(changes, region, rows: rows)
        let answer = try session.gradients(
          at: &packed, rows: rows, of: .margin, wantsLosses: false, asking: &oracle)
        let share = 0.5 * (1 - Double(iteration) / Double(iterations + 1))
        for (place, row) in rows.enumerated() {
          advance(
            &changes, row, along: answer.gradient, from: place * width, share: share, model, region)
        }
      }
    }
    return session.findings()
  }

  private func points(
    _ changes: [Double], _ region: PerturbationRegion, rows: [Int]
  ) -> [Float] {
    rows.flatMap { row in
      (row * region.width..<(row + 1) * region.width).map {
        Float(Double(region.originals[$0]) + changes[$0])
      }
    }
  }

  /// A step along the gradient's part in the range of H, as long as a share of the farthest such change.
  private func advance(
    _ changes: inout [Double], _ row: Int, along gradient: [Float], from packed: Int,
    share: Double, _ model: MeasurementModel, _ region: PerturbationRegion
  ) {
    var direction = [Double](repeating: 0, count: region.width)
    for column in model.basis {
      var slope = 0.0
      for index in 0..<region.width { slope += Double(gradient[packed + index]) * column[index] }
      for index in 0..<region.width { direction[index] += slope * column[index] }
    }
    let room = region.longestShare(of: direction, row: row)
    guard room > 0, room.isFinite else { return }
    for index in 0..<region.width {
      changes[row * region.width + index] += share * 2 * room * direction[index]
    }
    shorten(&changes, row, region)
  }

  private func shorten(_ changes: inout [Double], _ row: Int, _ region: PerturbationRegion) {
    let range = row * region.width..<(row + 1) * region.width
    let room = region.longestShare(of: Array(changes[range]), row: row)
    guard room < 1 else { return }
    for position in range { changes[position] *= room }
  }

  private func scatter(
    _ changes: inout [Double], _ row: Int, _ model: MeasurementModel, _ batch: AttackBatch,
    _ region: PerturbationRegion, _ restart: Int
  ) {
    var random = batch.random(row: row, restart: restart)
    var direction = [Double](repeating: 0, count: region.width)
    for column in model.basis {
      let weight = random.gaussian()
      for index in 0..<region.width { direction[index] += weight * column[index] }
    }
    let room = region.longestShare(of: direction, row: row)
    guard room.isFinite else { return }
    let share = random.uniform()
    for index in 0..<region.width {
      changes[row * region.width + index] = share * room * direction[index]
    }
  }
}
