import EngineSupport
import TensorCore

/// Gradient steps inside a ball whose radius shrinks when the goal is reached and grows when it is not.
///
/// Step and shrinking rate follow a cosine from their first value to a hundredth (the rate to 0.001); steps
/// are Euclidean-normalised and scaled by the sensor's range. While nothing has been found the radius is
/// estimated from the linearised distance to the goal.
/// In L0 the steepest element moves by the step, and the elements that may differ are chosen anew in each step
/// by what the gradient promises at the ends of their ranges, as the linear minimisation over the ball does;
/// the authors' projection keeps those that differ most, and so holds on to its first choice.
/// Source: Pintor, Roli, Brendel, Biggio, "Fast minimum-norm adversarial attacks through adaptive norm
/// constraints", NeurIPS 2021.
public struct FastMinimumNorm: RestartedAttack {
  public static let name = "fmn"
  public static var minimisesDistance: Bool { true }

  public var iterations: Int
  public var restarts: Int

  public init() { self.init(iterations: 100, restarts: 1) }

  /// Both must be positive.
  public init(iterations: Int, restarts: Int) {
    self.iterations = iterations
    self.restarts = restarts
    precondition(isUsable, "an attack needs at least one step and one start")
  }

  public var isUsable: Bool {
    iterations.isCount && restarts.isCount
  }

  public var parameters: [AttackParameter] {
    effort + [
      AttackParameter("step", "the range, cosine to a hundredth"),
      AttackParameter("gamma", "0.05, cosine to 0.001"),
      AttackParameter("loss", AttackLoss.margin.rawValue),
    ]
  }

  private static let firstRate = 0.05
  private static let lastRate = 0.001

  public func search(
    _ batch: AttackBatch, asking oracle: inout TargetOracle
  ) throws -> [AttackFinding] {
    var session = try SearchSession(batch, aim: .nearest, asking: &oracle)
    for restart in 0..<restarts where !session.active.isEmpty {
      try descend(&session, restart: restart, asking: &oracle)
    }
    return session.findings()
  }

  private func descend(
    _ session: inout SearchSession, restart: Int, asking oracle: inout TargetOracle
  ) throws {
    let region = session.region
    let width = region.width
    var points = region.originals
    let farthest = (0..<session.count).map { region.farthest($0) }
    let range = (0..<session.count).map { region.largestRange($0) }
    var radius = [Double](repeating: region.norm == .l0 ? 1 : .infinity, count: session.count)
    var hasFound = [Bool](repeating: false, count: session.count)
    if restart > 0 {
      for row in session.active {
        var random = session.batch.random(row: row, restart: restart)
        let reach = min(0.5 * session.bestDistance[row], farthest[row])
        for position in row * width..<(row + 1) * width {
          points[position] += Float((2 * random.uniform() - 1) * range[row] * 0.1)
        }
        region.project(&points, at: row * width, row: row, radius: reach)
      }
    }
    for iteration in 0..<iterations {
      session.retire(unaffordable: 1, asking: oracle)
      let rows = session.active
      if rows.isEmpty { return }
      let wave = (1 + PortableMath.cos(Double.pi * Double(iteration) / Double(iterations))) / 2
      let step = 0.01 + 0.99 * wave
      let rate = Self.lastRate + (Self.firstRate - Self.lastRate) * wave
      var packed = region.gather(points, rows: rows)
      let answer = try session.gradients(
        at: &packed, rows: rows, of: .margin, asking: &oracle)
      for (place, row) in rows.enumerated() {
        let reached = answer.margins[place] < 0
        hasFound[row] = hasFound[row] || reached
        let lengths = GradientLengths(
          answer.gradient, from: place * width, count: width, norm: region.norm,
          shares: region.set.shares)
        radius[row] = nextRadius(
          radius[row], rate: rate, reached: reached, hasFound: hasFound[row],
          best: session.bestDistance[row], farthest: farthest[row], norm: region.norm,
          estimate: region.distance(points, at: row * width, row: row)
            + Double(abs(answer.margins[place])) / max(lengths.dual, 1e-12))
        guard lengths.euclidean > 0 else { continue }
        let isSparse = region.norm == .l0
        let scale = Float(step * range[row] / (isSparse ? lengths.dual : lengths.euclidean))
        for index in 0..<width {
          points[row * width + index] += scale * answer.gradient[place * width + index]
        }
        if isSparse {
          region.keepBestCorner(
            &points, at: row * width, row: row, along: answer.gradient, from: place * width,
            count: Int(radius[row]))
        } else {
          region.project(&points, at: row * width, row: row, radius: radius[row])
        }
      }
    }
    session.retire(unaffordable: 1, asking: oracle)
    guard !session.active.isEmpty else { return }
    var packed = region.gather(points, rows: session.active)
    _ = try session.margins(at: &packed, rows: session.active, asking: &oracle)
  }

  private func nextRadius(
    _ radius: Double, rate: Double, reached: Bool, hasFound: Bool, best: Double, farthest: Double,
    norm: PerturbationNorm, estimate: Double
  ) -> Double {
    let next: Double
    if norm == .l0 {
      next =
        reached
        ? min(radius - 1, (radius * (1 - rate)).rounded(.down), best - 1)
        : max(radius + 1, (radius * (1 + rate)).rounded(.down))
    } else if reached {
      next = min(radius * (1 - rate), best)
    } else {
      // A little beyond the linearised boundary, or an affine model is approached for ever.
      next = (hasFound ? radius : estimate) * (1 + rate)
    }
    return min(max(next, norm == .l0 ? 1 : 0), farthest)
  }
}
