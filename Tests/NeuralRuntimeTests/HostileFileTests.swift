import EngineSupport
import Foundation
import NeuralRuntime
import ONNXFormat
import TensorCore
import Testing

/// Files that nobody would write: each is read, inspected, run, differentiated and bounded, or ends in a
/// diagnostic with a place; nothing crashes or hangs.
///
/// The files lie in `Fuzzing/Seeds`: `model_zoo.py` wrote them.
/// `BARTIZAN_EXHAUSTIVE` runs all prefixes and 5,000 mutations, the default a sample of them.
@Suite struct HostileFileTests {
  static let isExhaustive = ProcessInfo.processInfo.environment["BARTIZAN_EXHAUSTIVE"] != nil

  static func files(in folder: String) throws -> [(name: String, bytes: [UInt8])] {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
    let url = root.appendingPathComponent("Fuzzing").appendingPathComponent(folder)
    return try FileManager.default.contentsOfDirectory(atPath: url.path).sorted().map {
      ($0, Array(try Data(contentsOf: url.appendingPathComponent($0))))
    }
  }

  /// Goes the whole way of a model, with small limits, and returns the codes of what was refused.
  static func drive(_ bytes: [UInt8], _ name: String) -> [String] {
    var codes: [String] = []
    func note(_ error: Diagnostic) {
      codes.append(error.code.name)
      #expect(
        error.location != nil || error.code.name.hasPrefix("model."), "\(name): \(error)")
    }
    var diagnostics = Diagnostics()
    do throws(Diagnostic) {
      let model = try ONNXModel(reading: InputDocument(name: name, bytes: bytes))
      _ = ModelInspection(of: model)
      do throws(Diagnostic) {
        var evaluator = try ModelEvaluator(preparing: model, reportingTo: &diagnostics)
        evaluator.limits.work = 1 << 22
        evaluator.limits.elements = 1 << 22
        let inputs = try ReferenceFill.values(for: evaluator.inputs)
        guard inputs.values.allSatisfy({ ($0.tensor?.count ?? 0) <= 1 << 16 }) else { return codes }
        _ = try evaluator.run(inputs)
        for output in evaluator.outputs.prefix(1) {
          _ = try evaluator.gradients(at: inputs, of: output.name) { (y: Tensor<Float>) in y }
        }
      } catch { note(error) }
      let network = try Network(planning: model, reportingTo: &diagnostics)
      guard network.input.shape.reduce(1, *) <= 1 << 12, network.multiplyAddsPerSample <= 1 << 22,
        network.output.shape.reduce(1, *) <= 1 << 16
      else { return codes }
      let x = Tensor<Float>(repeating: 0.5, shape: [2] + network.input.shape)
      let y = try network.outputs(for: x)
      #expect(y.shape == [2] + network.output.shape, "\(name)")
      if network.isDifferentiable { _ = try network.gradient(at: x) { $0 } }
      if network.isBounded {
        let point = Tensor<Double>(repeating: 0.5, shape: [1] + network.input.shape)
        _ = try network.bounds(over: IntervalTensor(point))
      }
    } catch { note(error) }
    return codes
  }

  @Test func everyPrefixIsRefusedOrRuns() throws {
    var refused = 0
    for (name, bytes) in try Self.files(in: "Seeds") where bytes.count <= 1_024 {
      let lengths = Self.isExhaustive ? 1 : 1 + bytes.count / 40
      for length in stride(from: 0, to: bytes.count, by: lengths) {
        refused += Self.drive(Array(bytes.prefix(length)), "\(name) to \(length)").isEmpty ? 0 : 1
      }
      #expect(!Self.drive(bytes, name).contains("onnx.malformed"), "\(name) itself is read")
    }
    #expect(refused > 300)
  }

  @Test func everyMutationEndsInSuccessOrDiagnostic() throws {
    let seed: UInt64 = 91
    let files = try Self.files(in: "Seeds")
    var codes: Set<String> = []
    var ran = 0
    for index in 0..<(Self.isExhaustive ? 5_000 : 500) {
      var random = SeededRandom(seed: seed).stream("file mutation", index)
      let (name, bytes) = files[index % files.count]
      var mutant = bytes
      if var fields = WireMutation.parse(bytes[...]) {
        let texts = WireMutation.texts(fields)
        for _ in 0...random.index(below: 4) {
          WireMutation.mutate(&fields, texts: texts, &random)
        }
        mutant = WireMutation.serialized(fields)
      }
      // Lengths that no longer fit, and bytes that are no longer text.
      for _ in 0..<random.index(below: 3) where random.index(below: 4) == 0 && !mutant.isEmpty {
        mutant[random.index(below: mutant.count)] = UInt8(random.index(below: 256))
      }
      let found = Self.drive(mutant, "\(name), seed \(seed), mutation \(index)")
      ran += found.isEmpty ? 1 : 0
      codes.formUnion(found)
    }
    print("hostile files: \(ran) ran, refused for \(codes.count) reasons")
    #expect(ran > 20 && codes.count >= 12, "\(ran) ran; \(codes.sorted())")
  }
}
