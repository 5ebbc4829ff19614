import EngineSupport
import Foundation
import NeuralRuntime
import ONNXFormat
import TensorCore
import Testing

/// Linear bounds against published values, samples and closed forms.
@Suite struct LinearBoundsTests {
  private static let corpus = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appendingPathComponent("shared/corpus")

  struct Regression: Sendable, CustomStringConvertible {
    var net: String
    var property: Int
    var box: [ClosedRange<Double>]
    var crown: ClosedRange<Double>
    var interval: ClosedRange<Double>
    var description: String { "\(net), property \(property)" }
  }

  static let wide: [ClosedRange<Double>] = [
    0.6...0.679857769, -0.5...0.5, -0.5...0.5, 0.45...0.5, -0.5...(-0.45),
  ]

  static let near: [ClosedRange<Double>] = [
    -0.30353115613746867...(-0.29855281193475053), -0.009549296585513092...0.009549296585513092,
    0.4933803235848431...0.49999999998567607, 0.3...0.5, 0.3...0.5,
  ]

  static let regressions = [
    Regression(
      net: "1_1", property: 1, box: wide, crown: -410.8...1662.2, interval: -1512.7...4214.6),
    Regression(
      net: "1_1", property: 3, box: near, crown: -0.3036...0.8848, interval: -129.1...359.1),
    Regression(
      net: "2_1", property: 3, box: near, crown: -1.2401...1.8556, interval: -191.0...485.9),
  ]

  @Test(arguments: regressions)
  func publishedBoundsAreMet(_ example: Regression) throws {
    let file = Self.corpus.appendingPathComponent(
      "onnx/Marabou/ACASXU_experimental_v2a_\(example.net).onnx")
    let data = try Data(contentsOf: file)
    var diagnostics = Diagnostics()
    let network = try Network(
      planning: ONNXModel(reading: InputDocument(name: "net.onnx", bytes: [UInt8](data))),
      reportingTo: &diagnostics)
    let box = IntervalTensor(
      lower: Tensor(shape: [1] + network.input.shape, elements: example.box.map(\.lowerBound)),
      upper: Tensor(shape: [1] + network.input.shape, elements: example.box.map(\.upperBound)))
    let interval = try network.bounds(over: box)
    let lines = try network.linearBounds(over: box)
    print(example, interval.lower.elements[0], interval.upper.elements[0], lines.lower.elements[0], lines.upper.elements[0])
  }
}
