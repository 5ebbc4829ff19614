import EngineSupport
import Foundation
import NeuralRuntime
import ONNXFormat
import TensorCore
import Testing

/// Every model of the corpus against the outputs that onnxruntime gave for the reference fill.
@Suite struct CorpusModelTests {
  static let table = NodeConformanceTests.shared.appendingPathComponent("corpus/EXPECT_ONNX.tsv")
  static let isThere = FileManager.default.fileExists(atPath: table.path)

  struct Expectation {
    var path: String
    /// Shapes by input name.
    var inputs: [String: [Int]]
    var output: String
    var shape: [Int]?
    var sum: Double
    var norm: Double
    var first: [Double]
    var text: String
  }

  static func expectations() throws -> [Expectation] {
    let text = try String(contentsOf: table, encoding: .utf8)
    return text.split(separator: "\n").dropFirst().map { line in
      let fields = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
      var inputs: [String: [Int]] = [:]
      for item in fields[1].split(separator: ";") {
        guard let tensor = item.range(of: ":tensor("), let open = item.lastIndex(of: "[") else {
          continue
        }
        inputs[String(item[..<tensor.lowerBound])] = numbers(item[open...])
      }
      return Expectation(
        path: fields[0], inputs: inputs, output: fields[2],
        shape: fields[3].hasPrefix("[") ? numbers(fields[3][...]) : nil,
        sum: Double(fields[4]) ?? .nan, norm: Double(fields[5]) ?? .nan,
        first: fields[6].split(separator: ",").compactMap { Double($0) }, text: fields[6])
    }
  }

  private static func numbers(_ text: Substring) -> [Int] {
    text.filter { "0123456789,".contains($0) }.split(separator: ",").compactMap { Int($0) }
  }

  @Test(.enabled(if: isThere, "the corpus is not beside the checkout"))
  func everyModelGivesTheOutputsOfOnnxruntime() throws {
    let all = try Self.expectations()
    #expect(all.count > 50)
    var models: [String: [ModelEvaluator.Output]] = [:]
    for item in all {
      if models[item.path] == nil {
        let file = NodeConformanceTests.shared.appendingPathComponent("corpus")
          .appendingPathComponent(item.path)
        let model = try ONNXModel(
          reading: try NodeConformanceTests.document(file, name: item.path))
        var diagnostics = Diagnostics()
        let evaluator = try ModelEvaluator(preparing: model, reportingTo: &diagnostics)
        models[item.path] = try evaluator.run(
          try ReferenceFill.values(for: evaluator.inputs, shapes: item.inputs))
      }
      let output = try #require(models[item.path]?.first { $0.name == item.output })
      guard let shape = item.shape else {
        // A sequence of maps: the first number of each.
        guard case .sequence(let maps) = output.value else {
          Issue.record("\(item.path): \(item.output) is no sequence")
          continue
        }
        for entry in maps {
          guard case .map(let map) = entry, let values = map.values as? Tensor<Float> else {
            Issue.record("\(item.path): no map of numbers")
            continue
          }
          let isThere = values.elements.contains { item.text.contains("\(Double($0))".prefix(7)) }
          #expect(isThere, "\(item.path): \(values.elements)")
        }
        continue
      }
      let tensor = try #require(output.value.tensor as? any NumericTensor)
      #expect(tensor.shape == shape, "\(item.path) \(item.output)")
      let scale = max(
        item.first.map(abs).max() ?? 0, item.norm / Double(max(tensor.reals.count, 1)))
      for (ours, theirs) in zip(tensor.reals, item.first) {
        #expect(
          abs(ours - theirs) <= 1e-4 * max(abs(theirs), scale),
          "\(item.path) \(item.output): \(ours), not \(theirs)")
      }
      let norm = tensor.reals.reduce(0) { $0 + $1 * $1 }.squareRoot()
      #expect(abs(norm - item.norm) <= 1e-4 * item.norm, "\(item.path) \(item.output)")
    }
    print("corpus: \(models.count) models, \(all.count) outputs agree with onnxruntime")
  }
}
