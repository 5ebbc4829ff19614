import EngineSupport
import NeuralRuntime
import NumPyFormat
import ONNXFormat
import TensorCore
import Testing

/// The bundled model on its own: gradients against finite differences, and the accuracy its card states.
@Suite struct GaugeReaderTests {
  private func network() throws -> Network {
    var diagnostics = Diagnostics()
    let document = try #require(SampleProduct().documents[SampleProduct.model])
    return try Network(planning: try ONNXModel(reading: document), reportingTo: &diagnostics)
  }

  private func data() throws -> NumPyArchive {
    try NumPyArchive(reading: try #require(SampleProduct().documents[SampleProduct.data]))
  }

  @Test func gradientsAgreeWithFiniteDifferencesInDouble() throws {
    let network = try network()
    let images = try data().array(named: "images").doubleTensor()
    var random = SeededRandom(seed: 11)
    var worst = 0.0
    var compared = 0
    for sample in stride(from: 0, to: 360, by: 60) {
      // Off the whole numbers, where ReLU and max pooling may have kinks.
      var x = images.rows(sample..<sample + 1)
      for index in x.elements.indices { x.elements[index] += 0.3 * random.uniform() }
      let weights = (0..<10).map { _ in random.uniform() - 0.5 }
      func objective(_ input: Tensor<Double>) throws -> Double {
        zip(try network.outputs(for: input).elements, weights).reduce(0) { $0 + $1.0 * $1.1 }
      }
      let gradient = try network.gradient(at: x) {
        Tensor(shape: $0.shape, elements: weights)
      }.gradient
      let scale = gradient.elements.map(abs).max() ?? 1
      for index in x.elements.indices {
        func difference(_ step: Double) throws -> Double {
          var (up, down) = (x, x)
          up.elements[index] += step
          down.elements[index] -= step
          return (try objective(up) - objective(down)) / (2 * step)
        }
        let (coarse, fine) = (try difference(1e-4), try difference(1e-5))
        guard abs(coarse - fine) < 1e-7 * scale else { continue }  // a kink lies within the step
        worst = max(worst, abs(fine - gradient.elements[index]) / scale)
        compared += 1
      }
    }
    print("gauge reader: \(compared) partial derivatives, largest relative error \(worst)")
    #expect(compared > 300)
    #expect(worst < 1e-6)
  }

  @Test func accuracyIsWhatTheCardStates() throws {
    let network = try network()
    let data = try data()
    let outputs = try network.outputs(for: data.array(named: "images").floatTensor())
    let labels = try data.array(named: "labels").integers()
    let right = labels.indices.count { row in
      let scores = outputs.elements[row * 10..<row * 10 + 10]
      return scores.firstIndex(of: scores.max() ?? 0).map { $0 - scores.startIndex } == labels[row]
    }
    #expect(right == 359 && labels.count == 360)
  }
}
