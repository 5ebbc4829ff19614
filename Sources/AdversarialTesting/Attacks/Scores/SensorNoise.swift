import EngineSupport
import TensorCore

/// The sensor's own noise as a test: random readings inside the perturbation set, without any search.
///
/// It measures failure without an attacker, and as a control it must not break a sample that a gradient
/// attack could not (self-check S7).
public struct SensorNoise: AdversarialAttack {
  /// How a reading is disturbed; both are cut off at the budget and at the sensor's range.
  public enum Distribution: Sendable, Hashable, Codable {
    /// Uniform over the perturbation set.
    case uniform
    /// Normal around the original reading, with a standard deviation in engineering units, times the element's
    /// share of the budget.
    case gaussian(standardDeviation: Double)
  }

  public static let name = "sensor-noise"
  public static let needs = TargetAccess.scores

  public var distribution: Distribution
  /// Random readings tried on each sample.
  public var draws: Int

  public init() { self.init(.uniform, draws: 200) }

  /// `draws` must be positive and a standard deviation finite and not negative.
  public init(_ distribution: Distribution, draws: Int) {
    self.distribution = distribution
    self.draws = draws
    precondition(isUsable, "a noise test has draws and a finite deviation")
  }

  public var isUsable: Bool {
    guard case .gaussian(let deviation) = distribution else { return draws.isCount }
    return draws.isCount && deviation.isFinite && deviation >= 0
  }

  public var parameters: [AttackParameter] {
    let shape =
      switch distribution {
      case .uniform: "uniform over the perturbation set"
      case .gaussian(let deviation):
        "normal, standard deviation \(DecimalText.exact(deviation)) units, cut off at the budget"
      }
    return [AttackParameter("distribution", shape), AttackParameter("draws", String(draws))]
  }

  public func search(
    _ batch: AttackBatch, asking oracle: inout TargetOracle
  ) throws -> [AttackFinding] {
    var session = try SearchSession(batch, asking: &oracle)
    let region = session.region
    var points = region.originals
    for draw in 0..<draws {
      session.retire(unaffordable: 1, asking: oracle)
      let rows = session.active
      if rows.isEmpty { break }
      for row in rows {
        var random = batch.random(row: row, restart: draw)
        disturb(&points, row: row, region: region, random: &random)
      }
      var packed = region.gather(points, rows: rows)
      _ = try session.margins(at: &packed, rows: rows, asking: &oracle)
    }
    return session.findings()
  }

  private func disturb(
    _ points: inout [Float], row: Int, region: PerturbationRegion, random: inout SeededRandom
  ) {
    let start = row * region.width
    switch distribution {
    case .uniform: region.randomPoint(&points, at: start, row: row, random: &random)
    case .gaussian(let deviation):
      let spread = deviation / region.set.limits.scaling.unitsPerTensorUnit
      for index in 0..<region.width {
        let change = spread * region.set.shares[index] * random.gaussian()
        points[start + index] = Float(Double(region.originals[start + index]) + change)
      }
      region.project(&points, at: start, row: row)
    }
  }
}
