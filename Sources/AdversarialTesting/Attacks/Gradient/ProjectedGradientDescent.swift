import EngineSupport
import TensorCore

/// The iterative white-box attack: steepest steps of the norm on the gradient, projected back into the
/// perturbation set, from several starts and with several losses.
///
/// The step falls linearly from a share of the budget (a half unless said) to zero. The model is asked about the realised reading
/// (on the sensor's grid) while the search point moves continuously. Restart 0 begins at the original,
/// later ones at a random point of the set; each restart runs every loss. In L0 steps go
/// towards the best corner of the sparse ball.
/// Source: Madry et al., "Towards deep learning models resistant to adversarial attacks", ICLR 2018.
public struct ProjectedGradientDescent: RestartedAttack {
  public static let name = "projected-gradient-descent"

  public var iterations: Int
  public var restarts: Int
  public var losses: [AttackLoss]
  /// The length of the first step as a share of the budget.
  public var firstStep: Float

  public init() { self.init(iterations: 40, restarts: 2) }

  /// `iterations`, `restarts`, the first step and the number of losses must be positive, and no loss a targeted one.
  public init(
    iterations: Int, restarts: Int, losses: [AttackLoss] = [.crossEntropy, .margin],
    firstStep: Float = 0.5
  ) {
    self.iterations = iterations
    self.restarts = restarts
    self.losses = losses
    self.firstStep = firstStep
    precondition(isUsable, "an attack needs at least one step, one start and one untargeted loss")
  }

  public var isUsable: Bool {
    iterations.isCount && restarts.isCount && firstStep > 0 && firstStep.isFinite && !losses.isEmpty
      && !losses.contains { $0.isTargeted }
  }

  public var parameters: [AttackParameter] {
    effort + [
      AttackParameter("losses", losses.map(\.rawValue).joined(separator: " + ")),
      AttackParameter("step", "\(firstStep) of the budget, falling linearly to 0"),
      AttackParameter("start", "restart 0 at the original, later ones at random in the set"),
      AttackParameter("rounding", "straight-through onto the sensor's grid, every iteration"),
    ]
  }

  public func search(
    _ batch: AttackBatch, asking oracle: inout TargetOracle
  ) throws -> [AttackFinding] {
    var session = try SearchSession(batch, asking: &oracle)
    let region = session.region
    let reach = (0..<batch.samples.count).map { Float(region.reach(of: $0)) }
    for restart in 0..<restarts {
      for loss in losses where !session.active.isEmpty {
        var points = startingPoints(batch, region, rows: session.active, restart: restart)
        for iteration in 0..<iterations {
          session.retire(unaffordable: 1, asking: oracle)
          let rows = session.active
          if rows.isEmpty { break }
          var packed = region.gather(points, rows: rows)
          let answer = try session.gradients(
            at: &packed, rows: rows, of: loss, wantsLosses: false, asking: &oracle)
          let share = 1 - Float(iteration) / Float(iterations)
          for (place, row) in rows.enumerated() {
            region.step(
              &points, at: row * region.width, row: row, along: answer.gradient,
              from: place * region.width, by: Double(firstStep * reach[row] * share))
          }
        }
        session.retire(unaffordable: 1, asking: oracle)
        let rows = session.active
        if rows.isEmpty { break }
        var packed = region.gather(points, rows: rows)
        _ = try session.margins(at: &packed, rows: rows, asking: &oracle)
      }
    }
    return session.findings()
  }

  private func startingPoints(
    _ batch: AttackBatch, _ region: PerturbationRegion, rows: [Int], restart: Int
  ) -> [Float] {
    var points = region.originals
    guard restart > 0 else { return points }
    for row in rows {
      var random = batch.random(row: row, restart: restart)
      region.randomPoint(&points, at: row * region.width, row: row, random: &random)
    }
    return points
  }
}
