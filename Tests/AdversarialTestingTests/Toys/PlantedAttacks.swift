import AdversarialTesting
import Synchronization
import TensorCore

/// Finds only with small budgets: what the monotony check is for.
struct TimidAttack: AdversarialAttack {
  static let name = "timid"
  static let needs = TargetAccess.gradients
  var isUsable: Bool { true }
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
  var isUsable: Bool { true }
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

/// Uses only a share of its budget, and all of it when doubled: what the convergence check is for.
struct LazyAttack: AdversarialAttack {
  static let name = "lazy"
  static let needs = TargetAccess.gradients
  var reach = 1.0
  var isUsable: Bool { true }
  var parameters: [AttackParameter] { [] }
  var doubled: (any AdversarialAttack)? { ProjectedGradientDescent() }

  func search(
    _ batch: AttackBatch, asking oracle: inout TargetOracle
  ) throws -> [AttackFinding] {
    var part = batch
    part.set = try batch.set.withBudget(batch.set.budget * reach)
    return try ProjectedGradientDescent().search(part, asking: &oracle)
  }
}
