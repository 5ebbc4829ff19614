/// Working memory for kernels that starts where a cache line starts; its contents mean nothing between calls.
@safe
package struct AlignedScratch<Element: BitwiseCopyable>: ~Copyable {
  package let buffer: UnsafeMutableBufferPointer<Element>

  /// Elements are zero bytes at first. `count` must not be negative.
  package init(count: Int) {
    precondition(count >= 0, "a size is not negative")
    let bytes = max(count, 1) * MemoryLayout<Element>.stride
    let memory = UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: 64)
    unsafe memory.initializeMemory(as: UInt8.self, repeating: 0, count: bytes)
    let start = unsafe memory.bindMemory(to: Element.self, capacity: max(count, 1))
    unsafe buffer = UnsafeMutableBufferPointer(start: start, count: count)
  }

  deinit { unsafe UnsafeMutableRawPointer(buffer.baseAddress)?.deallocate() }
}
