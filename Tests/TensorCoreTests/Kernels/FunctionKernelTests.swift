import Foundation
import TensorCore
import Testing

/// The vector functions against `PortableMath`, whose operation sequence they promise: the same bits.
@Suite struct FunctionKernelTests {
  /// Every exponent with a few significands, the places where the functions change their form, and seeded
  /// random numbers.
  static func arguments(_ random: inout SplitMix, count: Int) -> [Double] {
    var xs: [Double] = [
      0, -0.0, .infinity, -.infinity, .nan, 709.782712893384, 709.7827128933841, -745.2, -745.3,
      -708.4, -744.9, 0.55, 0.5499999999999999, 2, 1.9999999999999998, 6, 6.000000000000001, -0.55,
      -2, -6, .leastNonzeroMagnitude, -.leastNonzeroMagnitude,
    ]
    for exponent in -1_074...1_023 {
      for _ in 0..<3 {
        let x = Double(sign: .plus, exponent: exponent, significand: 1 + random.uniform())
        xs += [x, -x]
      }
    }
    while xs.count < count {
      let width = [1.0, 8, 40, 800][random.index(below: 4)]
      xs.append((random.uniform() - 0.5) * 2 * width)
    }
    return xs
  }

  static func reference(_ function: Kernels<Double>.Function, _ x: Double) -> Double {
    switch function {
    case .exp: PortableMath.exp(x)
    case .tanh: PortableMath.tanh(x)
    case .sigmoid: PortableMath.sigmoid(x)
    case .erf: PortableMath.erf(x)
    case .tanhSlope: 1 - PortableMath.tanh(x) * PortableMath.tanh(x)
    case .sigmoidSlope: PortableMath.sigmoid(x) * (1 - PortableMath.sigmoid(x))
    }
  }

  func check<S: KernelScalar>(_: S.Type, count: Int, seed: UInt64) {
    var random = SplitMix(seed: seed)
    let xs = Self.arguments(&random, count: count).map { S.rounding($0) }
    for code in Kernels<Double>.Function.allCases {
      let expected = xs.map { S.rounding(Self.reference(code, Double($0))) }
      for path in KernelPath.available {
        var result = xs
        unsafe xs.withUnsafeBufferPointer { x in
          unsafe result.withUnsafeMutableBufferPointer { y in
            let function = Kernels<S>.Function(rawValue: code.rawValue) ?? .exp
            unsafe Kernels<S>(path).apply(function, count: xs.count, x, to: y)
          }
        }
        guard !areSame(result, expected) else { continue }
        let first = xs.indices.first { !areSame([result[$0]], [expected[$0]]) } ?? 0
        Issue.record(
          "\(code) of \(xs[first]) on \(path): \(result[first]), not \(expected[first]); seed \(seed)"
        )
      }
    }
  }

  @Test func everyFunctionHasTheBitsOfPortableMath() {
    check(Float.self, count: 40_003, seed: 61)
    check(Double.self, count: 40_003, seed: 62)
    #expect(Kernels<Float>.Function.allCases.count == 6)
  }

  static let isExhaustive = ProcessInfo.processInfo.environment["BARTIZAN_EXHAUSTIVE"] == "1"

  /// A million random arguments: `BARTIZAN_EXHAUSTIVE=1`.
  @Test(.enabled(if: isExhaustive)) func aMillionArgumentsHaveTheBitsOfPortableMath() {
    check(Float.self, count: 1_000_000, seed: 63)
    check(Double.self, count: 1_000_000, seed: 64)
    #expect(Self.isExhaustive)
  }

  @Test func softmaxIsTheSequentialOne() {
    var random = SplitMix(seed: 65)
    for (rows, count) in [(1, 1), (3, 7), (2, 8), (5, 100), (0, 4), (3, 0)] {
      let x = (0..<rows * count).map { _ in Float((random.uniform() - 0.5) * 60) }
      var expected = x
      for row in 0..<rows where count > 0 {
        let own = x[row * count..<(row + 1) * count]
        let greatest = own.max() ?? 0
        let powers = own.map { PortableMath.exp(Double($0) - Double(greatest)) }
        let sum = powers.reduce(0, +)
        for (i, power) in powers.enumerated() { expected[row * count + i] = Float(power / sum) }
      }
      for path in KernelPath.available {
        var y = x
        let scratch = AlignedScratch<Double>(count: count)
        unsafe x.withUnsafeBufferPointer { x in
          unsafe y.withUnsafeMutableBufferPointer { y in
            unsafe Kernels<Float>(path).softmax(
              rows: rows, count: count, x, to: y, scratch: scratch.buffer)
          }
        }
        #expect(areSame(y, expected), "\(rows)×\(count) on \(path), seed 65")
      }
    }
  }
}
