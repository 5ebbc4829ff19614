import TensorCore
import Testing

@Suite struct WindowGeometryTests {
  func geometry(_ random: inout SplitMix) -> WindowGeometry {
    func axis() -> WindowGeometry.Axis {
      var axis = WindowGeometry.Axis(
        input: 1 + random.index(below: 7), kernel: 1 + random.index(below: 4),
        stride: 1 + random.index(below: 3), dilation: 1 + random.index(below: 3),
        padBefore: random.index(below: 4), padAfter: random.index(below: 4), output: 0)
      let span = (axis.kernel - 1) * axis.dilation + 1
      let padded = axis.input + axis.padBefore + axis.padAfter
      axis.output = padded < span ? 0 : (padded - span) / axis.stride + 1
      return axis
    }
    return WindowGeometry(height: axis(), width: axis())
  }

  @Test func rangesInsideAreExactlyThePositionsOnTheInput() {
    var random = SplitMix(seed: 3)
    for index in 0..<500 {
      let axis = geometry(&random).width
      for position in 0..<axis.output {
        let expected = (0..<axis.kernel).filter {
          (0..<axis.input).contains(axis.source(position, $0))
        }
        #expect(Array(axis.tapsInside(position)) == expected, "seed 3, case \(index)")
      }
      for tap in 0..<axis.kernel {
        let expected = (0..<axis.output).filter {
          (0..<axis.input).contains(axis.source($0, tap))
        }
        #expect(Array(axis.positionsInside(tap)) == expected, "seed 3, case \(index)")
      }
    }
  }

  /// ⟨columns(x), y⟩ = ⟨x, adjoint(y)⟩ for every x and y; small integers make the sums exact.
  @Test func addingColumnsIsTheAdjointOfWritingThem() {
    var random = SplitMix(seed: 4)
    for index in 0..<200 {
      let geometry = geometry(&random)
      let channels = 1 + random.index(below: 3)
      let image = (0..<channels * geometry.inputPlane).map { _ in
        Double(random.index(below: 19)) - 9
      }
      var columns = [Double](
        repeating: .nan, count: channels * geometry.kernelPlane * geometry.outputPlane)
      geometry.writeColumns(of: image, from: 0, channels: channels, to: &columns)
      let weights = columns.map { _ in Double(random.index(below: 19)) - 9 }
      var back = [Double](repeating: 0, count: image.count)
      geometry.addColumns(weights, channels: channels, to: &back, from: 0)
      let left = zip(columns, weights).reduce(0) { $0 + $1.0 * $1.1 }
      let right = zip(image, back).reduce(0) { $0 + $1.0 * $1.1 }
      #expect(left == right, "seed 4, case \(index)")
    }
  }
}
