import EngineSupport
import ModelTesting
import Synchronization

/// Keeps parts in memory and breaks off when a given number of them is reached.
final class BreakingJournal: WorkJournal {
  struct Interruption: Error {}

  private let parts = Mutex<[String: JSONValue]>([:])
  private let left = Mutex(Int.max)

  var count: Int { parts.withLock { $0.count } }

  func breakOff(after count: Int) { left.withLock { $0 = count } }

  func entry(for key: String) -> JSONValue? { parts.withLock { $0[key] } }

  func keep(_ entry: JSONValue, for key: String) throws {
    let isOver = left.withLock { left in
      left -= 1
      return left < 0
    }
    if isOver { throw Interruption() }
    // Through bytes, as a file would hold it.
    let bytes = CanonicalJSON.bytes(of: entry)
    let read = try JSONParser.parse(InputDocument(name: "journal", bytes: bytes))
    parts.withLock { $0[key] = read }
  }
}
