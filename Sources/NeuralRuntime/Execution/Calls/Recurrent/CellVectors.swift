import CKernels
import TensorCore

/// The arithmetic of a recurrent cell on vectors of one entry for each hidden unit.
@safe
struct CellVectors {
  private let functions: UnsafePointer<bartizan_kernels>
  private let count: Int

  init(_ kernels: KernelTable, count: Int) {
    unsafe functions = kernels.functions
    self.count = count
  }

  func apply(
    _ function: Int, times: Int = 1, _ x: UnsafeRawPointer, to y: UnsafeMutableRawPointer
  ) {
    unsafe functions.pointee.function(Int32(function), times * count, x, y)
  }

  func add(_ a: UnsafeRawPointer, _ b: UnsafeRawPointer, to y: UnsafeMutableRawPointer) {
    unsafe functions.pointee.binary(Int32(BARTIZAN_ADD), count, a, 1, b, 1, y)
  }

  func multiply(_ a: UnsafeRawPointer, _ b: UnsafeRawPointer, to y: UnsafeMutableRawPointer) {
    unsafe functions.pointee.binary(Int32(BARTIZAN_MULTIPLY), count, a, 1, b, 1, y)
  }

  func subtract(_ a: UnsafeRawPointer, _ b: UnsafeRawPointer, to y: UnsafeMutableRawPointer) {
    unsafe functions.pointee.binary(Int32(BARTIZAN_SUBTRACT), count, a, 1, b, 1, y)
  }

  /// One number less each entry.
  func subtract(
    from number: UnsafeRawPointer, _ b: UnsafeRawPointer, to y: UnsafeMutableRawPointer
  ) {
    unsafe functions.pointee.binary(Int32(BARTIZAN_SUBTRACT), count, number, 0, b, 1, y)
  }

  /// a · b + c, rounded once.
  func multiplyAdd(
    _ a: UnsafeRawPointer, _ b: UnsafeRawPointer, _ c: UnsafeRawPointer,
    to y: UnsafeMutableRawPointer
  ) {
    unsafe functions.pointee.multiply_add(count, a, b, c, y)
  }
}
