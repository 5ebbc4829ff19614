import Synchronization

/// Working memory that no call runs in at the moment, kept so that the next call need not ask the system for
/// fresh pages, which cost more than the arithmetic of a small network.
///
/// A few are kept for calls from several threads; what finds no room is given back to the system.
final class IdleWorkspaces: Sendable {
  private static let most = 8
  /// Above this a workspace is not kept: fresh pages are then a small part of a call.
  private static let mostBytes = 1 << 24

  /// Sound although the compiler cannot see it: a workspace is the only owner of its memory, whoever gives one
  /// away keeps nothing that points there, and a box is read only by the thread that took it from the list.
  private final class Box: Sendable {
    let capacity: Int
    nonisolated(unsafe) var workspace: Workspace?

    init(_ workspace: consuming Workspace) {
      capacity = workspace.capacity
      unsafe self.workspace = consume workspace
    }
  }

  private let boxes = Mutex<[Box]>([])

  /// One with room for so many rows, if there is one; the one that was used last, whose memory is warm.
  func take(rows: Int) -> Workspace? {
    let box = boxes.withLock { boxes in
      boxes.lastIndex { $0.capacity >= rows }.map { boxes.remove(at: $0) }
    }
    guard let box else { return nil }
    return unsafe box.workspace.take()
  }

  /// Keeps it, in place of a smaller one where there are enough.
  func give(_ workspace: consuming Workspace) {
    guard workspace.byteCount <= Self.mostBytes else { return }
    let box = Box(workspace)
    boxes.withLock { boxes in
      if boxes.count == Self.most {
        guard let smaller = boxes.firstIndex(where: { $0.capacity < box.capacity }) else { return }
        boxes.remove(at: smaller)
      }
      boxes.append(box)
    }
  }
}
