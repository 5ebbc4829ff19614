import EngineSupport
import TensorCore

/// The iterative white-box attack in an L-infinity ball: sign steps on the gradient, projected back into
/// the perturbation set, from several starts and with two losses.
///
/// The step falls linearly from half the budget to zero. The model is asked about the realised reading
/// (on the sensor's grid) while the search point moves continuously. Restart 0 begins at the original,
/// later ones at a uniform random point of the set; each restart runs every loss.
/// Source: Madry et al., "Towards deep learning models resistant to adversarial attacks", ICLR 2018.
public struct ProjectedGradientDescent: AdversarialAttack {
  public static let name = "projected-gradient-descent"
  public static let needs = TargetAccess.gradients

  public var iterations: Int
  public var restarts: Int
  public var losses: [AttackLoss]

  public init() { self.init(iterations: 40, restarts: 2) }

  /// `iterations`, `restarts` and the number of losses must be positive.
  public init(
    iterations: Int, restarts: Int, losses: [AttackLoss] = [.crossEntropy, .margin]
  ) {
    precondition(
      iterations > 0 && restarts > 0 && !losses.isEmpty,
      "an attack needs at least one step, one start and one loss")
    self.iterations = iterations
    self.restarts = restarts
    self.losses = losses
  }

  public var parameters: [AttackParameter] {
    [
      AttackParameter("norm", "L-infinity"),
      AttackParameter("iterations", String(iterations)),
      AttackParameter("restarts", String(restarts)),
      AttackParameter("losses", losses.map(\.rawValue).joined(separator: " + ")),
      AttackParameter("step", "0.5 of the budget, falling linearly to 0"),
      AttackParameter("start", "restart 0 at the original, later ones uniform in the set"),
      AttackParameter("rounding", "straight-through onto the sensor's grid, every iteration"),
    ]
  }

  public func search(
    _ batch: AttackBatch, asking oracle: inout TargetOracle
  ) throws -> [AttackFinding] {
    let box = PerturbationBox(batch.set, around: batch.originals.elements)
    var state = SearchState(count: batch.samples.count)
    var vanished = [Bool?](repeating: nil, count: batch.samples.count)
    for restart in 0..<restarts {
      for loss in losses {
        if state.active.isEmpty { break }
        var points = startingPoints(batch, box, rows: state.active, restart: restart)
        for iteration in 0..<iterations {
          let rows = state.active
          if rows.isEmpty { break }
          let readings = box.batch(of: points, rows: rows)
          let labels = rows.map { batch.labels[$0] }
          let answer = try oracle.gradient(at: readings, samples: rows.map { batch.samples[$0] }) {
            loss.cotangent(of: $0, labels: labels)
          }
          for (place, row) in rows.enumerated() where vanished[row] == nil {
            vanished[row] = gradientVanished(answer.gradient.elements, row: place, box: box)
          }
          move(&points, rows: rows, along: answer.gradient.elements, iteration, box)
          state.note(answer.scores, of: readings, labels: batch.labels)
        }
        let rows = state.active
        if rows.isEmpty { break }
        let readings = box.batch(of: points, rows: rows)
        state.note(
          try oracle.scores(of: readings, samples: rows.map { batch.samples[$0] }),
          of: readings, labels: batch.labels)
      }
    }
    return batch.samples.indices.map {
      AttackFinding(candidate: state.candidate($0), startGradientVanished: vanished[$0])
    }
  }

  private func startingPoints(
    _ batch: AttackBatch, _ box: PerturbationBox, rows: [Int], restart: Int
  ) -> [Float] {
    var points = batch.originals.elements
    guard restart > 0 else { return points }
    for row in rows {
      var random = batch.random(row: row, restart: restart)
      for position in row * box.width..<(row + 1) * box.width {
        let share = Float(random.uniform())
        points[position] = box.low[position] + (box.high[position] - box.low[position]) * share
      }
    }
    return points
  }

  /// One projected sign step of every row; `gradient` is packed in the order of `rows`.
  private func move(
    _ points: inout [Float], rows: [Int], along gradient: [Float], _ iteration: Int,
    _ box: PerturbationBox
  ) {
    let budget = Float(box.set.budget / box.set.limits.scaling.unitsPerTensorUnit)
    let step = 0.5 * budget * (1 - Float(iteration) / Float(iterations))
    for (place, row) in rows.enumerated() {
      box.step(&points, row: row, along: gradient, from: place * box.width, by: step)
    }
  }
}
