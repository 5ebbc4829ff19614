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

  private let programs = Mutex<[Key: LoweredProgram]>([:])

  func program(for key: Key, _ make: () -> LoweredProgram) -> LoweredProgram {
    if let known = programs.withLock({ $0[key] }) { return known }
    // Made outside the lock: two threads may both make it, and both make the same.
    let made = make()
    return programs.withLock { programs in
      if let known = programs[key] { return known }
      programs[key] = made
      return made
    }
  }
}
