import TensorCore
import Testing

/// The wrappers stop the process before a kernel could address memory that is not the caller's.
@Suite struct KernelBoundsTests {
  static func product(rows: Int, columns: Int, depth: Int, rowStride: Int) {
    let left = [Float](repeating: 1, count: 6)
    var result = [Float](repeating: 0, count: 6)
    Float.addProduct(
      rows: rows, columns: columns, depth: depth, of: left, MatrixLayout(rowStride: rowStride),
      and: left, MatrixLayout(rowStride: columns), to: &result, MatrixLayout(rowStride: columns),
      by: .fastest)
  }

  @Test func sizesThatFitAreTaken() {
    Self.product(rows: 2, columns: 3, depth: 2, rowStride: 3)
    var result: [Double] = [1]
    Double.addProduct(
      rows: 1, columns: 1, depth: 0, of: [], MatrixLayout(rowStride: 1), and: [],
      MatrixLayout(rowStride: 1), to: &result, MatrixLayout(rowStride: 1), by: .fastest)
    #expect(result == [1])
  }

  @Test func anOperandThatIsTooShortStopsTheProcess() async {
    await #expect(processExitsWith: .failure) {
      KernelBoundsTests.product(rows: 2, columns: 3, depth: 4, rowStride: 4)
    }
  }

  @Test func negativeAndOverflowingSizesStopTheProcess() async {
    await #expect(processExitsWith: .failure) {
      KernelBoundsTests.product(rows: -1, columns: 3, depth: 2, rowStride: 3)
    }
    await #expect(processExitsWith: .failure) {
      KernelBoundsTests.product(rows: .max, columns: 3, depth: 2, rowStride: .max)
    }
  }

  @Test func weightsPackedForAnotherPathStopTheProcess() async {
    await #expect(processExitsWith: .failure) {
      let path: KernelPath = KernelPath.available[0] == .portable ? .fastest : .portable
      let packed = unsafe [Float](repeating: 1, count: 4).withUnsafeBufferPointer {
        unsafe PackedMatrix(
          .right, rows: 2, columns: 2, of: $0, MatrixLayout(rowStride: 2),
          for: Kernels<Float>(path))
      }
      var result = [Float](repeating: 0, count: 4)
      unsafe [Float](repeating: 1, count: 4).withUnsafeBufferPointer { left in
        unsafe result.withUnsafeMutableBufferPointer { result in
          unsafe Kernels<Float>(.fastest).product(
            rows: 2, of: left, MatrixLayout(rowStride: 2), and: packed, to: result, rowStride: 2)
        }
      }
      // Where there is one path only nothing can be mistaken.
      precondition(KernelPath.available.count > 1)
    }
  }
}
