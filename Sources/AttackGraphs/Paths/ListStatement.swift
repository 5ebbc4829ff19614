/// What is known about the paths that a list of the best does not show.
public enum ListStatement: Sendable, Hashable {
  /// The list holds all there are.
  case complete
  /// As many as were asked for are listed, or all that are cheap enough; every other path costs at least
  /// `bound`.
  case completeUpTo(bound: Double)
  /// `limit` ended the search before as many as were asked for were found; what is listed are the best, and
  /// every other path, if there is any, costs at least `bound`.
  case stopped(at: Limit, bound: Double)

  public enum Limit: String, Sendable, Hashable {
    /// States of the search that were looked at.
    case expansions
    /// Edges that were looked at, a measure of time that is the same on every machine.
    case work
    case memory
  }

  public var isComplete: Bool { self == .complete }

  /// What every path that is not listed costs at least, in the cost that orders the list; infinite when the
  /// list is complete.
  public var bound: Double {
    switch self {
    case .complete: .infinity
    case .completeUpTo(let bound), .stopped(_, let bound): bound
    }
  }
}
