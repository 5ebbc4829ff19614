import Synchronization
import TensorCore

/// A workspace that outlives a call and can pass from one thread to another; only one runs in it at a time.
final class KeptWorkspace: Sendable {
  let capacity: Int
  let byteCount: Int
  private let workspace: Mutex<Workspace>

  init<S: KernelScalar>(
    _ program: LoweredProgram, capacity: Int, _ type: S.Type, _ path: KernelPath
  ) {
    let made = Workspace(program, capacity: capacity, KernelTable(type, path))
    self.capacity = capacity
    byteCount = made.byteCount
    workspace = Mutex(made)
  }

  func use(_ work: (inout Workspace) -> Void) {
    workspace.withLock { work(&$0) }
  }
}
