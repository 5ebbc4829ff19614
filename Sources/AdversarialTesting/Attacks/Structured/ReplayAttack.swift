import EngineSupport
import TensorCore

/// Recordings played back in place of the sensor: needs no knowledge of the model, only that it was listened to.
///
/// The recordings that differ least from the sample are tried first, each projected into the perturbation
/// set. Preparing takes the batch itself as the history; a sample's own recording is left out.
public struct ReplayAttack: AdversarialAttack {
  public static let name = "replay"
  public static let needs = TargetAccess.decisions

  /// Recordings tried on each sample.
  public var attempts: Int
  /// Recorded samples, one after another; `nil` where none were listened to.
  public var history: [Float]?

  public init() { self.init(attempts: 50) }

  /// `attempts` must be positive.
  public init(attempts: Int, history: [Float]? = nil) {
    self.attempts = attempts
    self.history = history
    precondition(isUsable, "a replay needs an attempt")
  }

  public var isUsable: Bool {
    attempts.isCount
  }

  public var parameters: [AttackParameter] {
    [
      AttackParameter("attempts", String(attempts)),
      AttackParameter("history", history == nil ? "none" : "\(history?.count ?? 0) values"),
    ]
  }

  public func prepared(
    on batch: AttackBatch, asking oracle: inout TargetOracle
  ) throws -> any AdversarialAttack {
    ReplayAttack(attempts: attempts, history: history ?? batch.originals.elements)
  }

  public func search(
    _ batch: AttackBatch, asking oracle: inout TargetOracle
  ) throws -> [AttackFinding] {
    var session = try SearchSession(batch, asking: &oracle)
    let region = session.region
    let width = region.width
    // Without recordings the attacker can only hold the middle of the range.
    let history = history ?? middle(of: region)
    guard history.count.isMultiple(of: width), history.allSatisfy(\.isFinite) else {
      throw Diagnostic("test.attack.shape", "recordings have the sample's shape and are finite")
    }
    let order = (0..<session.count).map { nearest(in: history, to: $0, region) }
    for attempt in 0..<attempts {
      session.retire(unaffordable: 1, asking: oracle)
      let rows = session.active.filter { order[$0].count > attempt }
      if rows.isEmpty { break }
      var packed: [Float] = []
      packed.reserveCapacity(rows.count * width)
      for row in rows {
        let recording = order[row][attempt]
        packed += history[recording * width..<(recording + 1) * width]
      }
      for (place, row) in rows.enumerated() {
        for index in 0..<width where !region.set.limits.writable[index] {
          packed[place * width + index] = region.originals[row * width + index]
        }
        region.project(&packed, at: place * width, row: row)
      }
      _ = try session.decisions(at: &packed, rows: rows, asking: &oracle)
    }
    return session.findings()
  }

  private func middle(of region: PerturbationRegion) -> [Float] {
    let limits = region.set.limits
    return (0..<region.width).map {
      limits.tensorValue(limits.low[$0] / 2 + limits.high[$0] / 2)
    }
  }

  /// Recordings by Euclidean distance, the sample itself left out.
  private func nearest(in history: [Float], to row: Int, _ region: PerturbationRegion) -> [Int] {
    let width = region.width
    let distances = (0..<history.count / width).map {
      PerturbationNorm.l2.distance(
        history, from: $0 * width, region.originals, from: row * width, count: width)
    }
    let order = distances.indices.filter { distances[$0] > 0 }.sorted {
      distances[$0] < distances[$1] || distances[$0] == distances[$1] && $0 < $1
    }
    return Array(order.prefix(attempts))
  }
}
