import Synchronization

/// Adds up finished work from several threads and tells the share done.
final class ProgressMeter: Sendable {
  private let total: Double
  private let report: @Sendable (String, Double) -> Void
  private let done = Mutex(0.0)

  init(total: Double, report: @escaping @Sendable (String, Double) -> Void) {
    self.total = max(total, 1)
    self.report = report
  }

  func add(_ work: Double, to stage: String) {
    let share = done.withLock { done in
      done += work
      return min(done / total, 1)
    }
    report(stage, share)
  }
}
