import TensorCore
import Testing

/// The kernels against the law they state: one chain of fused multiply-adds for each element.
@Suite struct MatrixProductTests {
  /// A problem with random sizes, strides and values that span many binades, so that order shows.
  struct Problem<S: KernelScalar> {
    var rows: Int
    var columns: Int
    var depth: Int
    var left: [S]
    var leftLayout: MatrixLayout
    var right: [S]
    var rightLayout: MatrixLayout
    var start: [S]
    var layout: MatrixLayout

    init(_ rows: Int, _ columns: Int, _ depth: Int, _ random: inout SplitMix) {
      (self.rows, self.columns, self.depth) = (rows, columns, depth)
      func matrix(_ rows: Int, _ columns: Int) -> ([S], MatrixLayout) {
        let gap = random.index(below: 3)
        let offset = random.index(below: 4)
        var layout = MatrixLayout(offset: offset, rowStride: columns + gap)
        if random.index(below: 2) == 0 {
          layout = MatrixLayout(offset: offset, rowStride: rows + gap).transposed
        }
        let count = offset + (rows + gap) * (columns + gap) + rows + columns
        return (
          (0..<count).map { _ in
            S.rounding((random.uniform() - 0.5) * Double(1 << random.index(below: 20)))
          }, layout
        )
      }
      (left, leftLayout) = matrix(rows, depth)
      (right, rightLayout) = matrix(depth, columns)
      (start, layout) = matrix(rows, columns)
    }

    func result(_ path: KernelPath) -> [S] {
      var result = start
      S.addProduct(
        rows: rows, columns: columns, depth: depth, of: left, leftLayout, and: right, rightLayout,
        to: &result, layout, by: path)
      return result
    }

    /// The law, written down.
    var expected: [S] {
      var result = start
      for i in 0..<rows {
        for j in 0..<columns {
          let index = layout.offset + i * layout.rowStride + j * layout.columnStride
          for step in 0..<depth {
            let a = left[
              leftLayout.offset + i * leftLayout.rowStride + step * leftLayout.columnStride]
            let b = right[
              rightLayout.offset + step * rightLayout.rowStride + j * rightLayout.columnStride]
            result[index].addProduct(a, b)
          }
        }
      }
      return result
    }
  }

  func check<S: KernelScalar>(_: S.Type, _ rows: Int, _ columns: Int, _ depth: Int, case index: Int)
  {
    var random = SplitMix(seed: UInt64(20 + index))
    let problem = Problem<S>(rows, columns, depth, &random)
    let expected = problem.expected
    for path in KernelPath.available {
      #expect(
        areSame(problem.result(path), expected),
        "\(path) \(S.self) \(rows)×\(columns)×\(depth), seed \(20 + index)")
    }
  }

  @Test func everyPathGivesTheChainOfTheLaw() {
    var index = 0
    for rows in [0, 1, 2, 5, 6, 7, 13, 25] {
      for columns in [0, 1, 3, 7, 8, 15, 16, 17, 33] {
        for depth in [0, 1, 9, 40] {
          check(Float.self, rows, columns, depth, case: index)
          check(Double.self, rows, columns, depth, case: index)
          index += 1
        }
      }
    }
  }

  @Test func blockingTheDepthDoesNotChangeABit() {
    for (index, depth) in [191, 192, 193, 385, 600].enumerated() {
      check(Float.self, 7, 19, depth, case: 10_000 + index)
      check(Float.self, 31, 1, depth, case: 20_000 + index)
      check(Double.self, 7, 11, depth, case: 30_000 + index)
    }
  }

  @Test func negativeZeroSurvives() {
    var result: [Float] = [-0.0]
    Float.addProduct(
      rows: 1, columns: 1, depth: 1, of: [-0.0], MatrixLayout(rowStride: 1), and: [1],
      MatrixLayout(rowStride: 1), to: &result, MatrixLayout(rowStride: 1), by: .fastest)
    #expect(result[0].sign == .minus)
  }
}
