import EngineSupport
import TensorCore

/// Examples made on a surrogate model and only tried on the target: one decision for each try.
///
/// The surrogate is attacked with projected gradients, from several starts, and each start's reading is shown
/// to the target. Without a surrogate an affine one is fitted to each sample from the target's decisions on
/// random readings.
/// Source: Papernot, McDaniel, Goodfellow, "Transferability in machine learning", 2016.
public struct TransferAttack: AdversarialAttack {
  public static let name = "transfer"
  public static let needs = TargetAccess.decisions

  /// Starts on the surrogate, each tried once on the target.
  public var starts: Int
  public var iterations: Int
  /// Random readings shown to the target where there is no surrogate.
  public var probes: Int
  /// Not part of the stored plan: a plan names the surrogate's file by its digest.
  public var surrogate: SurrogateModel?

  public init() { self.init(surrogate: nil, starts: 5, iterations: 40, probes: 100) }

  /// The counts must be positive.
  public init(surrogate: SurrogateModel?, starts: Int, iterations: Int, probes: Int) {
    self.surrogate = surrogate
    self.starts = starts
    self.iterations = iterations
    self.probes = probes
    precondition(isUsable, "a transfer needs a start")
  }

  private enum CodingKeys: String, CodingKey { case starts, iterations, probes }

  public var isUsable: Bool {
    starts.isCount && iterations.isCount && probes.isCount && probes <= 100_000
  }

  public var parameters: [AttackParameter] {
    [
      AttackParameter("surrogate", surrogate?.name ?? "affine, fitted to \(probes) decisions"),
      AttackParameter("starts", String(starts)),
      AttackParameter("iterations", String(iterations)),
    ]
  }

  public func search(
    _ batch: AttackBatch, asking oracle: inout TargetOracle
  ) throws -> [AttackFinding] {
    var session = try SearchSession(batch, asking: &oracle)
    for start in 0..<starts {
      session.retire(unaffordable: 1, asking: oracle)
      if session.active.isEmpty { break }
      var packed: [Float]
      var rows = session.active
      if let surrogate {
        packed = try readings(on: surrogate.model, batch, rows: rows, start: start)
      } else {
        packed = []
        var kept: [Int] = []
        for row in rows {
          guard let reading = try probe(row, start: start, &session, asking: &oracle) else {
            continue
          }
          packed += reading
          kept.append(row)
        }
        rows = kept
      }
      if rows.isEmpty { continue }
      _ = try session.decisions(at: &packed, rows: rows, asking: &oracle)
    }
    return session.findings()
  }

  /// What projected gradients make of the samples on the surrogate, whether or not they mislead it.
  private func readings(
    on model: any TargetModel, _ batch: AttackBatch, rows: [Int], start: Int
  ) throws -> [Float] {
    guard model.inputShape == batch.set.limits.shape else {
      throw Diagnostic("test.model.shape", "the surrogate takes samples of another shape")
    }
    var part = batch.rows(rows)
    part.random = batch.random.stream("surrogate", start)
    var oracle = TargetOracle(model, access: .gradients)
    var session = try SearchSession(part, aim: .nearest, asking: &oracle)
    let region = session.region
    var points = region.originals
    if start > 0 {
      for row in 0..<session.count {
        var random = part.random(row: row, restart: start)
        region.randomPoint(&points, at: row * region.width, row: row, random: &random)
      }
    }
    for iteration in 0..<iterations {
      let all = Array(0..<session.count)
      var packed = points
      let answer = try session.gradients(
        at: &packed, rows: all, of: start % 2 == 0 ? .crossEntropy : .margin, wantsLosses: false,
        asking: &oracle)
      let share = 0.5 * (1 - Double(iteration) / Double(iterations))
      for row in all {
        region.step(
          &points, at: row * region.width, row: row, along: answer.gradient,
          from: row * region.width, by: share * region.reach(of: row))
      }
    }
    return points
  }

  /// A step to the edge of the region along the mean of the probes that reached the goal less the others'.
  private func probe(
    _ row: Int, start: Int, _ session: inout SearchSession, asking oracle: inout TargetOracle
  ) throws -> [Float]? {
    let region = session.region
    let width = region.width
    let count = min(probes / starts, oracle.remaining(for: session.batch.samples[row]) - 1)
    guard count > 0 else { return nil }
    var random = session.batch.random(row: row, restart: start)
    var packed = [Float](repeating: 0, count: count * width)
    for place in 0..<count {
      for index in 0..<width {
        let position = row * width + index
        let draw = Float(random.uniform())
        packed[place * width + index] =
          region.rangeLow[position]
          + (region.rangeHigh[position] - region.rangeLow[position]) * draw
      }
    }
    let reached = try session.decisions(
      at: &packed, rows: Array(repeating: row, count: count), asking: &oracle)
    guard session.active.contains(row) else { return nil }
    let hits = reached.count { $0 }
    guard hits > 0, hits < count else { return nil }
    var slope = [Float](repeating: 0, count: width)
    for place in 0..<count {
      let weight = reached[place] ? 1 / Float(hits) : -1 / Float(count - hits)
      for index in 0..<width { slope[index] += weight * packed[place * width + index] }
    }
    var point = Array(region.originals[row * width..<(row + 1) * width])
    region.stepToTheEdge(&point, at: 0, row: row, along: slope, from: 0)
    return point
  }
}
