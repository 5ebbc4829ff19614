import TensorCore
import Testing

/// The product of small integers against exact sums.
@Suite struct IntegerKernelTests {
  @Test func everyPathGivesTheExactSum() {
    var random = SplitMix(seed: 91)
    for m in [1, 2, 5, 9] {
      for n in [1, 3, 4, 17] {
        for k in [0, 1, 7, 32, 67, 300] {
          let a = (0..<m * k).map { _ in Int16(random.index(below: 511)) - 255 }
          let b = (0..<n * k).map { _ in Int16(random.index(below: 511)) - 255 }
          let expected = (0..<m * n).map { index in
            (0..<k).reduce(Int32(0)) { sum, step in
              sum + Int32(a[index / n * k + step]) * Int32(b[index % n * k + step])
            }
          }
          #expect(Self.results(m, n, k, a, b).allSatisfy { $0 == expected }, "\(m)×\(n)×\(k)")
        }
      }
    }
  }

  @Test func sumsBeyond32BitsKeepTheirLowBits() {
    let k = 70_000
    let a = [Int16](repeating: 255, count: k)
    let expected = Int32(truncatingIfNeeded: 255 * 255 * k)
    #expect(Self.results(1, 1, k, a, a).allSatisfy { $0 == [expected] })
  }

  static func results(_ m: Int, _ n: Int, _ k: Int, _ a: [Int16], _ b: [Int16]) -> [[Int32]] {
    KernelPath.available.map { path in
      var c = [Int32](repeating: -1, count: m * n)
      unsafe a.withUnsafeBufferPointer { a in
        unsafe b.withUnsafeBufferPointer { b in
          unsafe c.withUnsafeMutableBufferPointer { c in
            unsafe IntegerKernels.product(
              rows: m, columns: n, depth: k, of: a, andTransposed: b, to: c, by: path)
          }
        }
      }
      return c
    }
  }
}
