import Synchronization
import TensorCore

/// The specialised programs of a model, made for the signatures of inputs that come back.
final class SpecializationCache: Sendable {
  /// What a program is made for.
  struct Signature: Hashable {
    var types: [ElementType]
    var shapes: [[Int]]
    var path: KernelPath

    /// nil for inputs that are no tensors.
    init?(_ inputs: [RuntimeValue], _ path: KernelPath) {
      let tensors = inputs.compactMap(\.tensor)
      guard tensors.count == inputs.count else { return nil }
      types = tensors.map(\.elementType)
      shapes = tensors.map(\.shape)
      self.path = path.resolved
    }
  }

  private enum Entry {
    case seen
    case impossible
    case program(SpecializedProgram)
  }

  /// Programs hold packed weights: more signatures than these run as the file says.
  private static let limit = 16

  private let entries = Mutex<[Signature: Entry]>([:])

  /// The program for a signature that was seen before, made by the first call that finds it so.
  func program(
    for signature: Signature, _ make: () -> SpecializedProgram?
  ) -> SpecializedProgram? {
    let entry = entries.withLock { entries -> Entry? in
      if let known = entries[signature] { return known }
      if entries.count < Self.limit { entries[signature] = .seen }
      return nil
    }
    switch entry {
    case nil, .impossible: return nil
    case .program(let program): return program
    case .seen:
      let made = make()
      entries.withLock { $0[signature] = made.map { .program($0) } ?? .impossible }
      return made
    }
  }
}
