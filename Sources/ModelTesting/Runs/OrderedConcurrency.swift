import Dispatch
import Synchronization

/// Runs independent work side by side and gives the results in the order of the items, whatever the width:
/// the only place where the engine uses more than one thread.
public struct OrderedConcurrency: Sendable {
  /// Most items under work at once; at least 1.
  public let width: Int

  public init(width: Int) {
    precondition(width >= 1, "work needs at least one worker")
    self.width = width
  }

  /// `transform` of each item. When some throw, the error of the first of them in item order is thrown;
  /// items after a failed one may have been left out.
  public func map<Item: Sendable, Result: Sendable>(
    _ items: [Item], _ transform: @escaping @Sendable (Item) throws -> Result
  ) throws -> [Result] {
    if width == 1 || items.count < 2 { return try items.map(transform) }
    let state = Mutex(State<Result>(count: items.count))
    DispatchQueue.concurrentPerform(iterations: min(width, items.count)) { _ in
      while let index = state.withLock({ $0.claim() }) {
        let outcome = Swift.Result { try transform(items[index]) }
        state.withLock { $0.finish(index, outcome) }
      }
    }
    return try state.withLock { state in
      var results: [Result] = []
      for case let outcome? in state.outcomes { results.append(try outcome.get()) }
      return results
    }
  }

  private struct State<Result: Sendable> {
    var next = 0
    var hasFailed = false
    var outcomes: [Swift.Result<Result, any Error>?]

    init(count: Int) { outcomes = Array(repeating: nil, count: count) }

    mutating func claim() -> Int? {
      guard next < outcomes.count, !hasFailed else { return nil }
      defer { next += 1 }
      return next
    }

    mutating func finish(_ index: Int, _ outcome: Swift.Result<Result, any Error>) {
      if case .failure = outcome { hasFailed = true }
      outcomes[index] = outcome
    }
  }
}
