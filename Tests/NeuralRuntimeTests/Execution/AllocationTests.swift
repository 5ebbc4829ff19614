import CAllocationCounter
import Foundation
import NeuralRuntime
import ONNXFormat
import TensorCore
import Testing

/// Running a lowered network allocates nothing once its runner is made.
@Suite struct AllocationTests {
  private static let isCounted = bartizan_counts_allocations() != 0

  @Test(
    .enabled(if: isCounted, "allocations are counted with glibc and without sanitizers"),
    arguments: LoweredModel.all.filter(\.isLowered))
  func aRunnerMakesNone(_ item: LoweredModel) throws { try check(try item.network()) }

  /// The networks among the project's own models, forwards and backwards.
  @Test(
    .enabled(if: isCounted, "allocations are counted with glibc and without sanitizers"),
    arguments: ["gauge-reader", "grid-guard", "leak-watch"])
  func aRunnerOfAModelOfTheProjectMakesNone(_ name: String) throws {
    let file = SameBitsTests.gauge.deletingLastPathComponent().deletingLastPathComponent()
      .appendingPathComponent("\(name)/model.onnx")
    let model = try ONNXModel(reading: try NodeConformanceTests.document(file, name: name))
    try check(try TestModel.network(model))
  }

  private func check(_ network: Network) throws {
    #expect(network.isLowered)
    let x = LoweredModel.batch(network, 5).elements
    var y = [Float](repeating: 0, count: 5 * network.output.shape.reduce(1, *))
    var gradient = x
    var runner = network.runner(Float.self, batch: 3, isRecording: true)
    // The first run resolves what the language resolves once.
    func run() throws {
      try runner.forward(x, into: &y)
      try runner.gradient(at: x, into: &gradient) { _, outputs, cotangents in
        for i in outputs.indices { cotangents[i] = outputs[i] }
      }
    }
    try run()
    let before = bartizan_allocations()
    try run()
    #expect(bartizan_allocations() == before)
  }
}
