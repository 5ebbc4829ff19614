import EngineSupport
import TensorCore

/// Auto-PGD: projected gradient ascent with momentum whose step halves itself when progress stalls.
///
/// The first step is twice the radius (L-infinity, L2) or the radius (L1); momentum 0.75 and 0.25.
/// Checkpoints lie at 22 % of the iterations, then in windows 3 % shorter each time, down to 6 %. At a
/// checkpoint the step halves and the search returns to its best point when fewer than 75 % of the steps
/// improved the loss, or when neither the step nor the best loss changed since the last one. L1 takes sparse
/// steps whose support adapts to the sparsity of the best point. Projections onto box and ball are exact;
/// the authors' code scales and then clamps.
/// Sources: Croce, Hein, "Reliable evaluation of adversarial robustness with an ensemble of diverse
/// parameter-free attacks", ICML 2020; "Mind the box", ICML 2021 (L1).
struct APGDSearch {
  private static let momentum: Float = 0.75
  private static let share = 0.75

  var iterations: Int
  var loss: AttackLoss

  static let norms: [PerturbationNorm] = [.linf, .l2, .l1]

  /// One run from a random start, for the active rows of the session.
  ///
  /// - Parameters:
  ///   - targets: the alternative of each row of the batch, for targeted losses.
  ///   - restart: numbers the random start.
  func run(
    _ session: inout SearchSession, targets: [Int], restart: Int, asking oracle: inout TargetOracle
  ) throws {
    guard session.region.norm == .l1 else {
      let start = startingPoints(session, restart: restart, factor: 1)
      _ = try ascend(
        &session, from: start, targets: targets, factor: 1, iterations: iterations, isWarm: false,
        asking: &oracle)
      return
    }
    // The large-radius schedule of L1: three, two and one radius.
    var points = startingPoints(session, restart: restart, factor: 3)
    let early = Int((0.3 * Double(iterations)).rounded(.up))
    for (factor, count) in [(3.0, early), (2, early), (1, max(0, iterations - 2 * early))] {
      points = try ascend(
        &session, from: points, targets: targets, factor: factor, iterations: count, isWarm: true,
        asking: &oracle)
    }
  }

  private func startingPoints(
    _ session: SearchSession, restart: Int, factor: Double
  ) -> [Float] {
    let region = session.region
    var points = region.originals
    for row in session.active {
      var random = session.batch.random(row: row, restart: restart)
      let start = row * region.width
      switch region.norm {
      case .linf:
        let draws = (0..<region.width).map { _ in Float(2 * random.uniform() - 1) }
        let scale = Float(region.radius) / (draws.reduce(0) { max($0, abs($1)) } + 1e-12)
        for index in 0..<region.width {
          points[start + index] += draws[index] * scale * Float(region.set.shares[index])
        }
      default:
        var length = 0.0
        let draws = (0..<region.width).map { _ in random.gaussian() }
        for draw in draws { length += region.norm == .l2 ? draw * draw : abs(draw) }
        let scale = region.radius / ((region.norm == .l2 ? length.squareRoot() : length) + 1e-12)
        for index in 0..<region.width {
          points[start + index] += Float(draws[index] * (region.norm == .l2 ? scale : 1))
        }
      }
      region.project(&points, at: start, row: row, radius: ball(region, factor))
    }
    return points
  }

  private func ball(_ region: PerturbationRegion, _ factor: Double) -> Double? {
    factor == 1 ? nil : factor * region.radius
  }

  /// Gradient ascent inside `factor` times the ball; gives the best point of each row.
  private func ascend(
    _ session: inout SearchSession, from start: [Float], targets: [Int], factor: Double,
    iterations: Int, isWarm: Bool, asking oracle: inout TargetOracle
  ) throws -> [Float] {
    let region = session.region
    let radius = factor * region.radius
    guard radius.isFinite else {
      throw Diagnostic("test.attack.budget", "Auto-PGD needs a finite budget")
    }
    var state = APGDState(
      session: session, points: start, radius: radius, iterations: iterations, isWarm: isWarm)
    session.retire(unaffordable: 1, asking: oracle)
    try measure(&session, &state, iteration: nil, targets, asking: &oracle)
    for iteration in 0..<iterations {
      session.retire(unaffordable: 1, asking: oracle)
      if session.active.isEmpty { break }
      let momentum: Float = iteration > 0 ? Self.momentum : 1
      for row in session.active {
        state.move(row, region, momentum: momentum, radius: ball(region, factor))
      }
      try measure(&session, &state, iteration: iteration, targets, asking: &oracle)
      state.checkpoint(after: iteration, rows: session.active, region, share: Self.share)
    }
    return state.best
  }

  /// Losses and gradients at the current points.
  private func measure(
    _ session: inout SearchSession, _ state: inout APGDState, iteration: Int?, _ targets: [Int],
    asking oracle: inout TargetOracle
  ) throws {
    let rows = session.active
    if rows.isEmpty { return }
    var packed = session.region.gather(state.points, rows: rows)
    let answer = try session.gradients(
      at: &packed, rows: rows, of: loss, targets: loss.isTargeted ? rows.map { targets[$0] } : [],
      asking: &oracle)
    for (place, row) in rows.enumerated() {
      state.note(
        row, loss: answer.losses[place], gradient: answer.gradient, from: place * session.width,
        iteration: iteration)
    }
  }
}
