import NeuralRuntime
import TensorCore
import Testing

/// Calls of a network leave their working memory for later ones: no call may see what another left or uses.
@Suite struct KeptWorkspaceTests {
  private static let item = LoweredModel.all.first { $0.name == "inverted residual" }

  private static func cotangents(_ y: Tensor<Float>) -> Tensor<Float> {
    Tensor(shape: y.shape, elements: y.elements.indices.map { Float($0 * 7 % 11) - 5 })
  }

  @Test func callsOfAnySizeInAnyOrderGiveTheSameBits() throws {
    let item = try #require(Self.item)
    let network = try item.network()
    let fresh = try item.network()
    let x = LoweredModel.batch(network, 90)
    for count in [1, 90, 3, 64, 65, 1, 90] {
      let part = x.rows(0..<count)
      let again = try item.network()
      #expect(try network.outputs(for: part) == again.outputs(for: part), "\(count) rows")
      #expect(
        try network.gradient(at: part, cotangent: Self.cotangents).gradient
          == fresh.gradient(at: part, cotangent: Self.cotangents).gradient, "\(count) rows")
    }
  }

  @Test func callsAtTheSameTimeDoNotShareMemory() async throws {
    let item = try #require(Self.item)
    let network = try item.network()
    let x = LoweredModel.batch(network, 24)
    let expected = try (0..<24).map { row in
      let part = x.rows(row..<row + 1)
      let again = try item.network()
      return (
        try again.outputs(for: part), try again.gradient(at: part, cotangent: Self.cotangents)
      )
    }
    try await withThrowingTaskGroup(of: (Int, Tensor<Float>, Tensor<Float>).self) { group in
      for call in 0..<96 {
        let row = call % 24
        let part = x.rows(row..<row + 1)
        group.addTask {
          (
            row, try network.outputs(for: part),
            try network.gradient(at: part, cotangent: Self.cotangents).gradient
          )
        }
      }
      for try await (row, outputs, gradient) in group {
        #expect(outputs == expected[row].0, "row \(row)")
        #expect(gradient == expected[row].1.gradient, "row \(row)")
      }
    }
  }
}
