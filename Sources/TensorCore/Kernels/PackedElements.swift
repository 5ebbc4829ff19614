/// Elements in a path's own order that start where a cache line starts: the storage of packed operands.
///
/// An array, so that what holds it stays a `Sendable` value.
struct PackedElements<S: KernelScalar>: Sendable {
  private let elements: [S]
  /// Where the packed elements start; a cache line starts there in the memory that was first given.
  private let offset: Int

  init(count: Int, _ fill: (UnsafeMutablePointer<S>) -> Void) {
    let line = 64 / MemoryLayout<S>.stride
    var start = 0
    elements = unsafe [S](unsafeUninitializedCapacity: count + line) { buffer, initialized in
      unsafe buffer.initialize(repeating: 0)
      initialized = buffer.count
      guard let base = buffer.baseAddress else { return }
      let bytes = Int(bitPattern: base) % 64
      start = bytes == 0 ? 0 : (64 - bytes) / MemoryLayout<S>.stride
      unsafe fill(base + start)
    }
    offset = start
  }

  func withElements(_ body: (UnsafePointer<S>) -> Void) {
    unsafe elements.withUnsafeBufferPointer { buffer in
      if let base = buffer.baseAddress { unsafe body(base + offset) }
    }
  }
}
