import Synchronization
import TensorCore

/// The lowered programs of a network, each made when it is first asked for.
///
/// Copies of a network share them: a program is a function of the plan and of its key.
final class ProgramCache: Sendable {
  struct Key: Hashable {
    var isDouble: Bool
    var path: KernelPath
    var isRecording: Bool
  }

  /// A program and the memory that its last runs left.
  struct Entry {
    let program: LoweredProgram
    let idle = IdleWorkspaces()

    /// For a single call, which gives it to `idle` when it is done.
    func workspace<S: KernelScalar>(
      rows: Int, _ type: S.Type, _ path: KernelPath
    ) -> KeptWorkspace {
      idle.take(rows: rows) ?? KeptWorkspace(program, capacity: rows, type, path)
    }
  }

  private let programs = Mutex<[Key: Entry]>([:])

  func entry(for key: Key, _ make: () -> LoweredProgram) -> Entry {
    if let known = programs.withLock({ $0[key] }) { return known }
    // Made outside the lock: two threads may both make it, and both make the same.
    let made = Entry(program: make())
    return programs.withLock { programs in
      if let known = programs[key] { return known }
      programs[key] = made
      return made
    }
  }
}
