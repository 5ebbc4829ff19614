import TensorCore
import Testing

/// Pooling and its gradients against loops over each window.
@Suite struct PoolingKernelTests {
  struct Problem<S: KernelScalar> {
    let window: WindowGeometry
    let planes: Int
    let x, cotangent: [S]
    let rows, columns: [Int]

    /// `isHalving` gives the kernels' own case of windows of 2×2 side by side, `isWhole` that of a window which is
    /// the plane.
    init(_ random: inout SplitMix, isHalving: Bool, isWhole: Bool = false) {
      func axis() -> WindowGeometry.Axis {
        var axis = WindowGeometry.Axis(
          input: 1 + random.index(below: 40), kernel: 1 + random.index(below: 4),
          stride: 1 + random.index(below: 3), dilation: 1 + random.index(below: 2),
          padBefore: random.index(below: 3), padAfter: random.index(below: 3), output: 0)
        if isWhole {
          (axis.input, axis.kernel) = (axis.input * 3, axis.input * 3)
          (axis.stride, axis.dilation, axis.padBefore, axis.padAfter) = (1, 1, 0, 0)
        }
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

  /// Planes of an image as channels that lie side by side, and back.
  private func turned<S>(_ x: [S], rows: Int, columns: Int) -> [S] {
    x.indices.map { place in
      let (image, rest) = place.quotientAndRemainder(dividingBy: rows * columns)
      return x[image * rows * columns + rest % rows * columns + rest / rows]
    }
  }

  /// Two images whose channels lie side by side, against the kernel for planes.
  private func checkTogether<S: KernelScalar>(_: S.Type, seed: UInt64) {
    var random = SplitMix(seed: seed)
    let window = Problem<S>(&random, isHalving: seed % 3 == 0).window
    let channels = 16 * (1 + random.index(below: 3))
    let (planes, size) = (2 * channels, window.outputPlane)
    let x: [S] = ElementKernelTests.numbers(planes * window.inputPlane, &random)
    let cotangent: [S] = ElementKernelTests.numbers(planes * size, &random)
    func run(_ kernels: Kernels<S>, together: Int) -> (y: [S], gradient: [S]) {
      let isTurned = together > 1
      let x = isTurned ? turned(x, rows: channels, columns: window.inputPlane) : x
      let g = isTurned ? turned(cotangent, rows: channels, columns: size) : cotangent
      var (y, gradient) = (g, x)
      unsafe x.withUnsafeBufferPointer { x in
        unsafe y.withUnsafeMutableBufferPointer {
          unsafe kernels.maximumPool(window, planes: planes, together: together, of: x, to: $0)
        }
        unsafe g.withUnsafeBufferPointer { g in
          unsafe gradient.withUnsafeMutableBufferPointer {
            unsafe kernels.maximumPoolGradient(
              window, planes: planes, together: together, of: x, cotangent: g, to: $0)
          }
        }
      }
      guard isTurned else { return (y, gradient) }
      return (
        turned(y, rows: size, columns: channels),
        turned(gradient, rows: window.inputPlane, columns: channels)
      )
    }
    let expected = run(Kernels(.portable), together: 1)
    for path in KernelPath.available {
      let result = run(Kernels(path), together: channels)
      #expect(areSame(result.y, expected.y), "maximum, \(path) \(S.self) seed \(seed)")
      #expect(
        areSame(result.gradient, expected.gradient), "gradient, \(path) \(S.self) seed \(seed)")
    }
  }

  @Test func channelsThatLieSideBySideGiveTheSameLaws() {
    for seed in 0..<20 {
      checkTogether(Float.self, seed: UInt64(seed))
      checkTogether(Double.self, seed: UInt64(seed))
    }
  }

  @Test func everyWindowGivesTheLawsOnEveryPath() {
    for seed in 0..<90 {
      var random = SplitMix(seed: UInt64(seed))
      Problem<Float>(&random, isHalving: seed % 3 == 0).check("Float, seed \(seed)")
      Problem<Double>(&random, isHalving: seed % 3 == 0).check("Double, seed \(seed)")
    }
    for seed in 90..<100 {
      var random = SplitMix(seed: UInt64(seed))
      Problem<Float>(&random, isHalving: false, isWhole: true).check("Float, seed \(seed)")
      Problem<Double>(&random, isHalving: false, isWhole: true).check("Double, seed \(seed)")
    }
  }
}
