import TensorCore
import Testing

/// Packed operands, starts and epilogues against separate operations in the law's order.
@Suite struct PackedProductTests {
  static let epilogues: [KernelEpilogue] = [
    .none, .relu, .clip(low: -0.3, high: 0.7), .leaky(slope: 0.1),
  ]

  enum Start: CaseIterable { case existing, zero, columnBias, rowBias }

  /// What a separate operator makes of y.
  static func finished<S: KernelScalar>(_ y: S, _ epilogue: KernelEpilogue) -> S {
    switch epilogue {
    case .none: return y
    case .relu: return y < 0 ? 0 : y
    case .leaky(let slope): return y < 0 ? y * S.rounding(slope) : y
    case .clip(let low, let high):
      let raised = y < S.rounding(low) ? S.rounding(low) : y
      return raised > S.rounding(high) ? S.rounding(high) : raised
    }
  }

  struct Problem<S: KernelScalar> {
    let (m, n, k): (Int, Int, Int)
    let a, b, c, columnBias, rowBias: [S]

    init(_ m: Int, _ n: Int, _ k: Int, _ random: inout SplitMix) {
      (self.m, self.n, self.k) = (m, n, k)
      func numbers(_ count: Int) -> [S] {
        (0..<count).map { _ in
          S.rounding((random.uniform() - 0.5) / Double(1 << random.index(below: 6)))
        }
      }
      a = numbers(m * k)
      b = numbers(k * n)
      c = numbers(m * n)
      columnBias = numbers(n)
      rowBias = numbers(m)
    }

    func expected(_ start: Start, _ epilogue: KernelEpilogue) -> [S] {
      (0..<m * n).map { index in
        let (i, j) = (index / n, index % n)
        var y: S =
          switch start {
          case .existing: c[index]
          case .zero: 0
          case .columnBias: columnBias[j]
          case .rowBias: rowBias[i]
          }
        for step in 0..<k { y.addProduct(a[i * k + step], b[step * n + j]) }
        return finished(y, epilogue)
      }
    }

    enum Form: CaseIterable { case plain, right, left, transposedRight, transposedLeft }

    func result(
      _ form: Form, _ start: Start, _ epilogue: KernelEpilogue, _ path: KernelPath
    ) -> [S] {
      let kernels = Kernels<S>(path)
      var result = c
      let wide = MatrixLayout(rowStride: k)
      let tall = MatrixLayout(rowStride: n)
      let transposedA = (0..<m * k).map { a[$0 % max(m, 1) * k + $0 / max(m, 1)] }
      let transposedB = (0..<k * n).map { b[$0 % max(k, 1) * n + $0 / max(k, 1)] }
      unsafe a.withUnsafeBufferPointer { a in
        unsafe b.withUnsafeBufferPointer { b in
          unsafe columnBias.withUnsafeBufferPointer { columnBias in
            unsafe rowBias.withUnsafeBufferPointer { rowBias in
              unsafe result.withUnsafeMutableBufferPointer { c in
                let from: ChainStart<S> =
                  switch start {
                  case .existing: unsafe .existing
                  case .zero: unsafe .zero
                  case .columnBias: unsafe .columnBias(columnBias)
                  case .rowBias: unsafe .rowBias(rowBias)
                  }
                switch form {
                case .plain:
                  unsafe kernels.product(
                    rows: m, columns: n, depth: k, of: a, wide, and: b, tall, to: c, tall,
                    from: from, epilogue: epilogue)
                case .right:
                  let packed = unsafe PackedMatrix(
                    .right, rows: k, columns: n, of: b, tall, for: kernels)
                  unsafe kernels.product(
                    rows: m, of: a, wide, and: packed, to: c, rowStride: n, from: from,
                    epilogue: epilogue)
                case .left:
                  let packed = unsafe PackedMatrix(
                    .left, rows: m, columns: k, of: a, wide, for: kernels)
                  unsafe kernels.product(
                    of: packed, columns: n, and: b, tall, to: c, rowStride: n, from: from,
                    epilogue: epilogue)
                case .transposedRight:
                  unsafe transposedB.withUnsafeBufferPointer { b in
                    let packed = unsafe PackedMatrix(
                      .right, rows: k, columns: n, of: b,
                      MatrixLayout(rowStride: k).transposed, for: kernels)
                    unsafe kernels.product(
                      rows: m, of: a, wide, and: packed, to: c, rowStride: n, from: from,
                      epilogue: epilogue)
                  }
                case .transposedLeft:
                  unsafe transposedA.withUnsafeBufferPointer { a in
                    let layout = MatrixLayout(rowStride: m).transposed
                    let packed = unsafe PackedMatrix(
                      .left, rows: m, columns: k, of: a, layout, for: kernels)
                    unsafe kernels.product(
                      of: packed, columns: n, and: b, tall, to: c, rowStride: n, from: from,
                      epilogue: epilogue)
                  }
                }
              }
            }
          }
        }
      }
      return result
    }
  }

  func check<S: KernelScalar>(_: S.Type, _ m: Int, _ n: Int, _ k: Int, seed: UInt64) {
    var random = SplitMix(seed: seed)
    let problem = Problem<S>(m, n, k, &random)
    let start = Start.allCases[random.index(below: 4)]
    let epilogue = Self.epilogues[random.index(below: 4)]
    let expected = problem.expected(start, epilogue)
    for path in KernelPath.available {
      for form in Problem<S>.Form.allCases {
        #expect(
          areSame(problem.result(form, start, epilogue, path), expected),
          "\(S.self) \(m)×\(n)×\(k), \(form), \(start), \(epilogue), \(path), seed \(seed)")
      }
    }
  }

  @Test func everyFormStartAndEpilogueGivesTheLaw() {
    var seed: UInt64 = 0
    for m in [0, 1, 3, 4, 7, 12, 13, 30] {
      for n in [0, 1, 5, 17, 33, 70, 130] {
        for k in [0, 1, 19] {
          check(Float.self, m, n, k, seed: seed)
          check(Double.self, m, n, k, seed: seed)
          seed += 1
        }
      }
    }
  }

  @Test func longChainsAreContinuedExactly() {
    for (index, k) in [193, 400, 1_000].enumerated() {
      check(Float.self, 14, 35, k, seed: UInt64(5_000 + index))
      check(Double.self, 3, 70, k, seed: UInt64(6_000 + index))
    }
  }

  @Test func aPackedOperandKnowsItsPath() {
    for path in KernelPath.available {
      let kernels = Kernels<Float>(path)
      #expect(kernels.path == path)
      let packed = unsafe [Float](repeating: 1, count: 6).withUnsafeBufferPointer {
        unsafe PackedMatrix(
          .right, rows: 2, columns: 3, of: $0, MatrixLayout(rowStride: 3), for: kernels)
      }
      #expect(packed.path == path)
    }
    #expect(KernelPath.fastest.resolved == KernelPath.available[0])
    #expect(KernelPath.available.contains(.portable))
  }
}
