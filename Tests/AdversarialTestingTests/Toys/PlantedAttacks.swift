import AdversarialTesting
import Synchronization
import TensorCore

/// Finds only with small budgets: what the monotony check is for.
struct TimidAttack: AdversarialAttack {
  static let name = "timid"
  static let needs = TargetAccess.gradients
  var parameters: [AttackParameter] { [] }

  func search(
    _ batch: AttackBatch, asking oracle: inout TargetOracle
  ) throws -> [AttackFinding] {
    if batch.set.budget > 0.5 { return batch.samples.map { _ in AttackFinding() } }
    return try ProjectedGradientDescent().search(batch, asking: &oracle)
  }
}

/// Claims a reading no sensor can give: what the replay is for.
struct CheatingAttack: AdversarialAttack {
  static let name = "cheating"
  static let needs = TargetAccess.gradients
  var parameters: [AttackParameter] { [] }

  func search(
    _ batch: AttackBatch, asking oracle: inout TargetOracle
  ) throws -> [AttackFinding] {
    batch.samples.map { _ in
      AttackFinding(candidate: Array(repeating: 1e6, count: batch.set.limits.count))
    }
  }
}

final class ProgressLog: Sendable {
  private let storage = Mutex<[Double]>([])
  var shares: [Double] { storage.withLock { $0 } }
  func note(_ share: Double) { storage.withLock { $0.append(share) } }
}
