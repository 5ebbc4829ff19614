import Synchronization

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
    return result(of: try map(cases(batchSize: batchSize)) { try $0.run(telling: tally) })
  }

  /// As above, for a map built on tasks.
  public func run(
    batchSize: Int = 64, progress: (@Sendable (Double) -> Void)? = nil,
    mapping map: (
      [CampaignCase], @escaping @Sendable (CampaignCase) throws -> CaseResult
    ) async throws -> [CaseResult]
  ) async throws -> CampaignResult {
    let tally = ProgressTally(total: labels.count * sets.count, report: progress)
    return result(of: try await map(cases(batchSize: batchSize)) { try $0.run(telling: tally) })
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
