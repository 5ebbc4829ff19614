import ONNXFormat
import TensorCore
import Testing

@testable import NeuralRuntime

/// Linear bounds pull rows back through convolutions with channels side by side where these are multiples of 16.
@Suite struct ConvolutionMapTests {
  /// ⟨c, L·x⟩ = ⟨Lᵀ·c, x⟩, exactly where every product and sum is a small multiple of a power of two.
  @Test(arguments: [(16, 32), (32, 16), (3, 16), (16, 5)])
  func pullingBackIsTheAdjoint(_ inputs: Int, _ outputs: Int) throws {
    let values = (0..<outputs * inputs * 9).map { Float($0 * 7 % 13 - 6) / 8 }
    let network = try TestModel.network(
      TestModel.model(
        [TestModel.node("Conv", ["x", "w"], ["y"], ["pads": .ints([1, 1, 1, 1])])],
        [TestModel.floats("w", [outputs, inputs, 3, 3], values)], sample: [inputs, 12, 10]))
    let step = try #require(try LinearPropagation(network).steps.first)
    guard case .affine(let affine) = step.kind, let map = affine.map as? ConvolutionMap else {
      Issue.record("a convolution over a large plane is a map")
      return
    }
    let x = (0..<2 * map.columns).map { Double($0 * 5 % 17 - 8) / 4 }
    let c = (0..<2 * map.rows).map { Double($0 * 11 % 19 - 9) / 4 }
    let y = map.applied(to: x, count: 2, isMagnitude: false, from: [])
    var pulled: [Double] = []
    map.pullBack(c, count: 2, into: &pulled)
    for row in 0..<2 {
      let (rows, columns) = (
        row * map.rows..<(row + 1) * map.rows, row * map.columns..<(row + 1) * map.columns
      )
      let before = zip(c[rows], y[rows]).reduce(0) { $0 + $1.0 * $1.1 }
      let after = zip(pulled[columns], x[columns]).reduce(0) { $0 + $1.0 * $1.1 }
      #expect(before == after && before != 0)
    }
    // Each row has the bits it has alone.
    var alone: [Double] = []
    map.pullBack(Array(c[map.rows...]), count: 1, into: &alone)
    #expect(alone == Array(pulled[map.columns...]))
  }
}
