import Synchronization

/// Working memory that no call runs in at the moment, kept so that the next call need not ask the system for
/// fresh pages, which cost more than the arithmetic of a small network.
///
/// A few are kept for calls from several threads; what finds no room is given back to the system.
final class IdleWorkspaces: Sendable {
  private static let most = 8
  /// Above this a workspace is not kept: fresh pages are then a small part of a call.
  private static let mostBytes = 1 << 24

  private let idle = Mutex<[KeptWorkspace]>([])

  /// One with room for so many rows, if there is one; the one that was used last, whose memory is warm.
  func take(rows: Int) -> KeptWorkspace? {
    idle.withLock { idle in
      idle.lastIndex { $0.capacity >= rows }.map { idle.remove(at: $0) }
    }
  }

  /// Keeps it, in place of a smaller one where there are enough.
  func give(_ workspace: KeptWorkspace) {
    guard workspace.byteCount <= Self.mostBytes else { return }
    idle.withLock { idle in
      if idle.count == Self.most {
        guard let smaller = idle.firstIndex(where: { $0.capacity < workspace.capacity }) else {
          return
        }
        idle.remove(at: smaller)
      }
      idle.append(workspace)
    }
  }
}
