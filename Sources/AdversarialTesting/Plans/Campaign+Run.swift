import EngineSupport
import Synchronization
import TensorCore

extension Campaign {
  /// The campaign cut into cases of at most `batchSize` samples, in sample order. How it is cut does not
  /// change a bit of the result. `batchSize` must be positive.
  public func cases(batchSize: Int = 64) -> [CampaignCase] {
    precondition(batchSize > 0, "a batch holds at least one sample")
    return stride(from: 0, to: labels.count, by: batchSize).map { start in
      CampaignCase(campaign: self, range: start..<min(start + batchSize, labels.count))
    }
  }

  /// Runs every case through the caller's ordered map, which decides the width.
  ///
  /// - Parameters:
  ///   - progress: told the share done, rising from 0 to 1; called from any thread, one call at a time.
  ///   - map: applies the function to each case and gives the results in the order of the cases.
  public func run(
    batchSize: Int = 64, progress: (@Sendable (Double) -> Void)? = nil,
    mapping map: (
      [CampaignCase], @escaping @Sendable (CampaignCase) throws -> CaseResult
    ) throws -> [CaseResult] = { try $0.map($1) }
  ) throws -> CampaignResult {
    let tally = ProgressTally(total: labels.count * sets.count, report: progress)
    let cases = try prepared().cases(batchSize: batchSize)
    return result(of: try map(cases) { try $0.run(telling: tally) })
  }

  /// As above, for a map built on tasks.
  public func run(
    batchSize: Int = 64, progress: (@Sendable (Double) -> Void)? = nil,
    mapping map: (
      [CampaignCase], @escaping @Sendable (CampaignCase) throws -> CaseResult
    ) async throws -> [CaseResult]
  ) async throws -> CampaignResult {
    let tally = ProgressTally(total: labels.count * sets.count, report: progress)
    let cases = try prepared().cases(batchSize: batchSize)
    return result(of: try await map(cases) { try $0.run(telling: tally) })
  }
}

extension Campaign {
  /// The campaign with its attack fitted to all the data, once for each budget. `run` does this; a caller who
  /// runs cases by hand does it first.
  public func prepared() throws -> Campaign {
    var prepared = self
    for (level, set) in sets.enumerated() {
      var oracle = TargetOracle(model, access: type(of: attack).needs)
      let batch = batch(
        of: Array(labels.indices), within: set, stage: "prepare.\(type(of: attack).name)")
      prepared.attacks[level] = try attack.prepared(on: batch, asking: &oracle)
    }
    return prepared
  }

  /// Samples of the evaluation data as a batch of a stage, with the stage's own random stream.
  func batch(of rows: [Int], within set: PerturbationSet, stage: String) -> AttackBatch {
    let width = set.limits.count
    var elements: [Float] = []
    elements.reserveCapacity(rows.count * width)
    for row in rows {
      elements.append(contentsOf: samples.elements[row * width..<(row + 1) * width])
    }
    return AttackBatch(
      samples: rows, originals: Tensor(shape: [rows.count] + set.limits.shape, elements: elements),
      labels: rows.map { labels[$0] }, set: set, goal: goal,
      random: SeededRandom(seed: seed).stream(named: stage, 0))
  }
}

extension CampaignCase {
  fileprivate func run(telling tally: ProgressTally) throws -> CaseResult {
    try run { tally.add(range.count) }
  }
}

/// Adds up finished work from several threads and reports the share done.
private final class ProgressTally: Sendable {
  private let total: Int
  private let report: (@Sendable (Double) -> Void)?
  private let done = Mutex(0)

  init(total: Int, report: (@Sendable (Double) -> Void)?) {
    self.total = total
    self.report = report
  }

  func add(_ work: Int) {
    guard let report else { return }
    done.withLock { done in
      done += work
      report(Double(done) / Double(total))
    }
  }
}
