public import EngineSupport

/// Where finished parts of a run are kept, so that an interrupted run goes on where it stopped.
///
/// Keys hold the digest of the resolved plan, so that nothing of another plan, model, data set or engine is taken
/// over. Entries that cannot be read count as not there.
public protocol WorkJournal: Sendable {
  func entry(for key: String) -> JSONValue?
  /// Called from any thread.
  func keep(_ entry: JSONValue, for key: String) throws
}

/// Keeps nothing.
public struct NoJournal: WorkJournal {
  public init() {}
  public func entry(for key: String) -> JSONValue? { nil }
  public func keep(_ entry: JSONValue, for key: String) throws {}
}
