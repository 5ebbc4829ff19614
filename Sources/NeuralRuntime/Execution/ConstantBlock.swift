/// Constant elements as one path of the kernels reads them, starting where a cache line starts.
///
/// An array underneath, so that programs stay `Sendable` values; its memory never moves once filled.
struct ConstantBlock: Sendable {
  private static let line = 64

  private let words: [UInt64]
  private let offset: Int

  /// The memory that `fill` is handed holds zeros.
  init(bytes: Int, _ fill: (UnsafeMutableRawPointer) -> Void) {
    var start = 0
    let count = (bytes + Self.line) / MemoryLayout<UInt64>.stride + 1
    words = unsafe [UInt64](unsafeUninitializedCapacity: count) { buffer, initialized in
      unsafe buffer.initialize(repeating: 0)
      initialized = buffer.count
      guard let base = UnsafeMutableRawPointer(buffer.baseAddress) else { return }
      let misplaced = Int(bitPattern: base) % Self.line
      start = misplaced == 0 ? 0 : Self.line - misplaced
      unsafe fill(base + start)
    }
    offset = start
  }

  init<S: BitwiseCopyable>(_ elements: [S]) {
    let bytes = elements.count * MemoryLayout<S>.stride
    unsafe self.init(bytes: bytes) { target in
      unsafe elements.withUnsafeBytes { source in
        if let base = source.baseAddress {
          unsafe target.copyMemory(from: base, byteCount: bytes)
        }
      }
    }
  }

  @inline(__always)
  func withAddress<Result>(_ body: (UnsafeRawPointer) -> Result) -> Result {
    unsafe words.withUnsafeBytes { bytes in
      guard let base = bytes.baseAddress else { preconditionFailure("a block is never empty") }
      return unsafe body(base + offset)
    }
  }
}
