import TensorCore
import Testing

/// Pooling and its gradients against loops over each window.
@Suite struct PoolingKernelTests {
  struct Problem<S: KernelScalar> {
    let window: WindowGeometry
    let planes: Int
    let x, cotangent: [S]
    let rows, columns: [Int]

    /// `isHalving` gives the kernels' own case of windows of 2×2 side by side.
    init(_ random: inout SplitMix, isHalving: Bool) {
      func axis() -> WindowGeometry.Axis {
        var axis = WindowGeometry.Axis(
          input: 1 + random.index(below: 40), kernel: 1 + random.index(below: 4),
          stride: 1 + random.index(below: 3), dilation: 1 + random.index(below: 2),
          padBefore: random.index(below: 3), padAfter: random.index(below: 3), output: 0)
        if isHalving {
          (axis.kernel, axis.stride, axis.dilation, axis.padBefore) = (2, 2, 1, 0)
        }
        let span = (axis.kernel - 1) * axis.dilation + 1
        let padded = axis.input + axis.padBefore + axis.padAfter
        axis.output = padded < span ? 0 : (padded - span) / axis.stride + 1
        return axis
      }
      window = WindowGeometry(height: axis(), width: axis())
      planes = random.index(below: 4)
      x = ElementKernelTests.numbers(planes * window.inputPlane, &random)
      cotangent = ElementKernelTests.numbers(planes * window.outputPlane, &random)
      rows = (0..<window.height.output).map { _ in random.index(below: 4) }
      columns = (0..<window.width.output).map { _ in random.index(below: 4) }
    }

    /// The places under a window of a plane that lie on it, in ascending order.
    func places(_ output: Int) -> [Int] {
      let (y, x) = (
        output % window.outputPlane / window.width.output, output % window.width.output
      )
      let start = output / max(window.outputPlane, 1) * window.inputPlane
      return window.height.tapsInside(y).flatMap { r in
        window.width.tapsInside(x).map { s in
          start + window.height.source(y, r) * window.width.input + window.width.source(x, s)
        }
      }
    }

    func winner(_ output: Int) -> Int? {
      var best: Int?
      for place in places(output) {
        guard let leader = best else {
          best = place
          continue
        }
        if x[place] > x[leader] || (x[place].isNaN && !x[leader].isNaN) { best = place }
      }
      return best
    }

    func divisor(_ output: Int) -> S {
      let place = output % window.outputPlane
      return S(max(rows[place / window.width.output] * columns[place % window.width.output], 1))
    }

    func check(_ label: String) {
      let outputs = planes * window.outputPlane
      let greatest = (0..<outputs).map { winner($0).map { x[$0] } ?? -.infinity }
      let averages = (0..<outputs).map { output in
        places(output).reduce(0) { $0 + x[$1] } / divisor(output)
      }
      var won = [S](repeating: 0, count: x.count)
      var shared = won
      for output in 0..<outputs {
        if let winner = winner(output) { won[winner] += cotangent[output] }
        for place in places(output) { shared[place] += cotangent[output] / divisor(output) }
      }
      for path in KernelPath.available {
        let kernels = Kernels<S>(path)
        var (a, b) = (cotangent, cotangent)
        var (c, d) = (x, x)
        unsafe x.withUnsafeBufferPointer { x in
          unsafe cotangent.withUnsafeBufferPointer { g in
            unsafe a.withUnsafeMutableBufferPointer {
              unsafe kernels.maximumPool(window, planes: planes, of: x, to: $0)
            }
            unsafe b.withUnsafeMutableBufferPointer {
              unsafe kernels.averagePool(
                window, planes: planes, rows: rows, columns: columns, of: x, to: $0)
            }
            unsafe c.withUnsafeMutableBufferPointer {
              unsafe kernels.maximumPoolGradient(
                window, planes: planes, of: x, cotangent: g, to: $0)
            }
            unsafe d.withUnsafeMutableBufferPointer {
              unsafe kernels.averagePoolGradient(
                window, planes: planes, rows: rows, columns: columns, cotangent: g, to: $0)
            }
          }
        }
        #expect(areSame(a, greatest), "maximum, \(path), \(label)")
        #expect(areSame(b, averages), "average, \(path), \(label)")
        #expect(areSame(c, won), "gradient of the maximum, \(path), \(label)")
        #expect(areSame(d, shared), "gradient of the average, \(path), \(label)")
      }
    }
  }

  @Test func everyWindowGivesTheLawsOnEveryPath() {
    for seed in 0..<90 {
      var random = SplitMix(seed: UInt64(seed))
      Problem<Float>(&random, isHalving: seed % 3 == 0).check("Float, seed \(seed)")
      Problem<Double>(&random, isHalving: seed % 3 == 0).check("Double, seed \(seed)")
    }
  }
}
