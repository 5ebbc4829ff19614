import EngineSupport
import TensorCore

/// The sensor's own noise as a test: random readings inside the perturbation set, without any search.
///
/// It measures failure without an attacker, and as a control it must not break a sample that a gradient
/// attack could not (self-check S7).
public struct SensorNoise: AdversarialAttack {
  /// How a reading is disturbed; both are cut off at the budget and at the sensor's range.
  public enum Distribution: Sendable, Hashable {
    /// Uniform over the perturbation set.
    case uniform
    /// Normal around the original reading, with a standard deviation in engineering units.
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
    precondition(draws > 0, "a noise test needs at least one draw")
    if case .gaussian(let deviation) = distribution {
      precondition(deviation.isFinite && deviation >= 0, "a standard deviation is not negative")
    }
    self.distribution = distribution
    self.draws = draws
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
    let box = PerturbationBox(batch.set, around: batch.originals.elements)
    var state = SearchState(count: batch.samples.count)
    var points = batch.originals.elements
    for draw in 0..<draws {
      let rows = state.active
      if rows.isEmpty { break }
      for row in rows {
        var random = batch.random(row: row, restart: draw)
        disturb(&points, row: row, box: box, random: &random)
      }
      let readings = box.batch(of: points, rows: rows)
      state.note(
        try oracle.scores(of: readings, samples: rows.map { batch.samples[$0] }),
        of: readings, labels: batch.labels)
    }
    return batch.samples.indices.map { AttackFinding(candidate: state.candidate($0)) }
  }

  private func disturb(
    _ points: inout [Float], row: Int, box: PerturbationBox, random: inout SeededRandom
  ) {
    let range = row * box.width..<(row + 1) * box.width
    switch distribution {
    case .uniform:
      for position in range {
        let share = Float(random.uniform())
        points[position] = box.low[position] + (box.high[position] - box.low[position]) * share
      }
    case .gaussian(let deviation):
      let spread = deviation / box.set.limits.scaling.unitsPerTensorUnit
      for position in range {
        let moved = Float(Double(box.originals[position]) + spread * random.gaussian())
        points[position] = min(max(moved, box.low[position]), box.high[position])
      }
    }
  }
}
