import TensorCore
import Testing

/// Operations on elements in their places, and sums, against one Swift operation each.
@Suite struct ElementKernelTests {
  static func numbers<S: KernelScalar>(_ count: Int, _ random: inout SplitMix) -> [S] {
    let special: [S] = [0, -0.0, .infinity, -.infinity, .nan, 1, -1, .leastNonzeroMagnitude]
    return (0..<count).map { _ in
      random.index(below: 5) == 0
        ? special[random.index(below: special.count)]
        : S.rounding((random.uniform() - 0.5) * Double(1 << random.index(below: 12)))
    }
  }

  static func value<S: KernelScalar>(
    _ operation: Kernels<S>.BinaryOperation, _ a: S, _ b: S
  ) -> S {
    switch operation {
    case .add: a + b
    case .subtract: a - b
    case .multiply: a * b
    case .divide: a / b
    case .maximum: b > a || b.isNaN ? b : a
    case .minimum: b < a || b.isNaN ? b : a
    }
  }

  func checkBinary<S: KernelScalar>(_: S.Type, seed: UInt64) {
    var random = SplitMix(seed: seed)
    for count in [1, 3, 8, 17, 64, 100] {
      for (left, right) in [(count, count), (1, count), (count, 1)] {
        let a: [S] = Self.numbers(left, &random)
        let b: [S] = Self.numbers(right, &random)
        for operation in Kernels<S>.BinaryOperation.allCases {
          let expected = (0..<count).map {
            Self.value(operation, a[left == 1 ? 0 : $0], b[right == 1 ? 0 : $0])
          }
          for path in KernelPath.available {
            var y = [S](repeating: 0, count: count)
            unsafe a.withUnsafeBufferPointer { a in
              unsafe b.withUnsafeBufferPointer { b in
                unsafe y.withUnsafeMutableBufferPointer { y in
                  unsafe Kernels<S>(path).apply(operation, count: count, a, b, to: y)
                }
              }
            }
            #expect(
              areSame(y, expected), "\(operation) of \(left) and \(right) on \(path), seed \(seed)")
          }
        }
      }
    }
  }

  @Test func binaryOperationsAreThoseOfOneElement() {
    checkBinary(Float.self, seed: 71)
    checkBinary(Double.self, seed: 72)
  }

  func checkMultiplyAdd<S: KernelScalar>(_: S.Type, seed: UInt64) {
    var random = SplitMix(seed: seed)
    for count in [1, 15, 16, 35, 200] {
      let numbers: [[S]] = (0..<3).map { _ in Self.numbers(count, &random) }
      let expected = (0..<count).map {
        numbers[2][$0].addingProduct(numbers[0][$0], numbers[1][$0])
      }
      for path in KernelPath.available {
        var y = numbers[2]
        unsafe numbers[0].withUnsafeBufferPointer { a in
          unsafe numbers[1].withUnsafeBufferPointer { b in
            unsafe y.withUnsafeMutableBufferPointer { y in
              unsafe Kernels<S>(path).multiplyAdd(
                count: count, a, b, UnsafeBufferPointer(y), to: y)
            }
          }
        }
        #expect(areSame(y, expected), "\(path) \(S.self) count \(count) seed \(seed)")
      }
    }
  }

  @Test func productsAndSumsAreRoundedOnce() {
    checkMultiplyAdd(Float.self, seed: 77)
    checkMultiplyAdd(Double.self, seed: 78)
  }

  static func slope<S: KernelScalar>(_ x: S, _ g: S, _ epilogue: KernelEpilogue) -> S {
    switch epilogue {
    case .none: g
    case .relu: x > 0 ? g : 0
    case .leaky(let slope): x > 0 ? g : g * S.rounding(slope)
    case .clip(let low, let high): x < S.rounding(low) || x > S.rounding(high) ? 0 : g
    }
  }

  func checkActivations<S: KernelScalar>(_: S.Type, seed: UInt64) {
    var random = SplitMix(seed: seed)
    for count in [1, 15, 33, 200] {
      let x: [S] = Self.numbers(count, &random)
      let g: [S] = Self.numbers(count, &random)
      for epilogue in PackedProductTests.epilogues {
        for path in KernelPath.available {
          let kernels = Kernels<S>(path)
          var (y, gradient) = (x, g)
          unsafe x.withUnsafeBufferPointer { x in
            unsafe g.withUnsafeBufferPointer { g in
              unsafe y.withUnsafeMutableBufferPointer { y in
                unsafe kernels.activate(epilogue, count: count, x, to: y)
              }
              unsafe gradient.withUnsafeMutableBufferPointer { y in
                unsafe kernels.activationGradient(
                  epilogue, count: count, at: x, cotangent: g, to: y)
              }
            }
          }
          #expect(
            areSame(y, x.map { PackedProductTests.finished($0, epilogue) }),
            "\(epilogue) on \(path), seed \(seed)")
          #expect(
            areSame(gradient, zip(x, g).map { Self.slope($0, $1, epilogue) }),
            "gradient of \(epilogue) on \(path), seed \(seed)")
        }
      }
    }
  }

  @Test func activationsAndTheirGradientsAreThoseOfOneElement() {
    checkActivations(Float.self, seed: 73)
    checkActivations(Double.self, seed: 74)
  }

  func checkPlanes<S: KernelScalar>(_: S.Type, seed: UInt64) {
    var random = SplitMix(seed: seed)
    for (planes, channels, plane) in [(1, 1, 1), (6, 3, 7), (8, 4, 33), (10, 5, 1)] {
      let x: [S] = Self.numbers(planes * plane, &random)
      let mean: [S] = Self.numbers(channels, &random)
      let factor: [S] = Self.numbers(channels, &random)
      let bias: [S] = Self.numbers(channels, &random)
      let shifted = x.indices.map { i in
        let c = i / plane % channels
        return (x[i] - mean[c]) * factor[c] + bias[c]
      }
      let scaled = x.indices.map { x[$0] * factor[$0 / plane % channels] }
      let sums = (0..<planes).map { Self.sum(Array(x[$0 * plane..<($0 + 1) * plane])) }
      for path in KernelPath.available {
        let kernels = Kernels<S>(path)
        var (y, z) = (x, x)
        var totals = [S](repeating: 7, count: planes)
        unsafe x.withUnsafeBufferPointer { x in
          unsafe mean.withUnsafeBufferPointer { mean in
            unsafe factor.withUnsafeBufferPointer { factor in
              unsafe bias.withUnsafeBufferPointer { bias in
                unsafe y.withUnsafeMutableBufferPointer { y in
                  unsafe kernels.scaleAndShift(
                    planes: planes, plane: plane, x, mean: mean, factor: factor, bias: bias, to: y)
                }
                unsafe z.withUnsafeMutableBufferPointer { z in
                  unsafe kernels.scaleAndShift(
                    planes: planes, plane: plane, x, mean: nil, factor: factor, bias: nil, to: z)
                }
                unsafe totals.withUnsafeMutableBufferPointer { totals in
                  unsafe kernels.rowSums(rows: planes, count: plane, of: x, to: totals)
                }
              }
            }
          }
        }
        #expect(areSame(y, shifted), "\(planes)×\(plane) on \(path), seed \(seed)")
        #expect(areSame(z, scaled), "\(planes)×\(plane) on \(path), seed \(seed)")
        #expect(areSame(totals, sums), "sums of \(planes)×\(plane) on \(path), seed \(seed)")
      }
    }
  }

  /// The law of sums: 16 lanes, then lanes 8, 4, 2 and 1 apart.
  static func sum<S: KernelScalar>(_ x: [S]) -> S {
    var lanes = [S](repeating: 0, count: 16)
    for (i, value) in x.enumerated() { lanes[i % 16] += value }
    for apart in [8, 4, 2, 1] {
      for lane in 0..<apart { lanes[lane] += lanes[lane + apart] }
    }
    return lanes[0]
  }

  @Test func channelsAreScaledAndRowsAddedByTheLaw() {
    checkPlanes(Float.self, seed: 75)
    checkPlanes(Double.self, seed: 76)
  }
}
