import EngineSupport
import Foundation
import NeuralRuntime
import ONNXFormat
import TensorCore
import Testing

/// ONNX's own node tests: each passes within its tolerance, or is refused by name for a reason.
///
/// The corpus holds a few. `BARTIZAN_ONNX_NODE_TESTS` names a folder with all of them (`backend/test/data/node`
/// of the Python package `onnx`); `make conformance` sets it.
@Suite struct NodeConformanceTests {
  enum Outcome: Equatable {
    case passed
    case failed(String)
    /// The diagnostic's code and message.
    case unsupported(String)
  }

  static let shared: URL = {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
    return ProcessInfo.processInfo.environment["BARTIZAN_SHARED"].map { URL(fileURLWithPath: $0) }
      ?? root.deletingLastPathComponent().appendingPathComponent("shared")
  }()
  static let corpus = shared.appendingPathComponent("corpus/onnx-backend")
  static let corpusIsThere = FileManager.default.fileExists(atPath: corpus.path)
  static let suite = ProcessInfo.processInfo.environment["BARTIZAN_ONNX_NODE_TESTS"]
    .map { URL(fileURLWithPath: $0) }

  static func document(_ url: URL, name: String) throws -> InputDocument {
    InputDocument(name: name, bytes: Array(try Data(contentsOf: url)))
  }

  static func outcome(of folder: URL) throws -> Outcome {
    let name = folder.lastPathComponent
    let model: ONNXModel
    let evaluator: ModelEvaluator
    do {
      model = try ONNXModel(
        reading: try document(folder.appendingPathComponent("model.onnx"), name: name))
      var diagnostics = Diagnostics()
      evaluator = try ModelEvaluator(preparing: model, reportingTo: &diagnostics)
    } catch let error as Diagnostic {
      return .unsupported("\(error.code.name): \(error.message)")
    }
    let sets = try FileManager.default.contentsOfDirectory(atPath: folder.path)
      .filter { $0.hasPrefix("test_data_set_") }.sorted()
    for set in sets {
      let data = folder.appendingPathComponent(set)
      func values(_ kind: String, _ declared: [ONNXValue]) throws -> [RuntimeValue?] {
        try declared.enumerated().map { index, value in
          let file = data.appendingPathComponent("\(kind)_\(index).pb")
          guard FileManager.default.fileExists(atPath: file.path) else { return nil }
          do {
            return try NodeTestData.value(Array(try Data(contentsOf: file)), as: value)
          } catch let error as Diagnostic {
            throw DataNotRead(reason: error.message)
          } catch {
            throw DataNotRead(reason: "\(file.lastPathComponent) is no value of the model's type")
          }
        }
      }
      do {
        var inputs: [String: RuntimeValue] = [:]
        for (declared, value) in zip(evaluator.inputs, try values("input", evaluator.inputs)) {
          inputs[declared.name] = value
        }
        let expected = try values("output", evaluator.outputs)
        let results = try evaluator.run(inputs)
        // The tests of sums in 16 bits have a tolerance of their own.
        let isCoarse =
          name.contains("bfloat16") || name.contains("BFLOAT16") || name.contains("e4m3")
          || name.contains("e5m2")
        for (result, wanted) in zip(results, expected) {
          guard let wanted else { continue }
          if let difference = NodeTestData.difference(
            result.value, wanted, relative: isCoarse ? 1e-2 : 1e-3)
          {
            return .failed("\(result.name): \(difference)")
          }
        }
      } catch let error as DataNotRead {
        return .unsupported("data: \(error.reason)")
      } catch let error as Diagnostic {
        return error.code == "onnx.operator.unsupported" || error.code == "onnx.type.mismatch"
          ? .unsupported("\(error.code.name): \(error.message)") : .failed("\(error)")
      }
    }
    return .passed
  }

  private struct DataNotRead: Error {
    var reason: String
  }

  static func outcomes(in folder: URL) throws -> [(name: String, outcome: Outcome)] {
    try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted().compactMap { name in
      let test = folder.appendingPathComponent(name)
      guard
        FileManager.default.fileExists(atPath: test.appendingPathComponent("model.onnx").path)
      else { return nil }
      return (name, try outcome(of: test))
    }
  }

  static func report(_ outcomes: [(name: String, outcome: Outcome)], _ title: String) {
    var counts = (passed: 0, failed: 0, unsupported: 0)
    for (name, outcome) in outcomes {
      switch outcome {
      case .passed: counts.passed += 1
      case .failed(let reason):
        counts.failed += 1
        print("failed: \(name): \(reason)")
      case .unsupported(let reason):
        counts.unsupported += 1
        print("not supported: \(name): \(reason)")
      }
    }
    print(
      "\(title): \(outcomes.count) tests, \(counts.passed) passed, \(counts.failed) failed, "
        + "\(counts.unsupported) not supported")
  }

  @Test(.enabled(if: corpusIsThere, "the corpus is not beside the checkout"))
  func theCorpusPassesOrIsRefusedByName() throws {
    let outcomes = try Self.outcomes(in: Self.corpus)
    Self.report(outcomes, "ONNX node tests of the corpus")
    #expect(outcomes.count >= 15)
    for (name, outcome) in outcomes {
      if case .failed(let reason) = outcome, KnownNodeTestFailures.reasons[name] == nil {
        Issue.record("\(name): \(reason)")
      }
    }
    #expect(outcomes.filter { $0.outcome == .passed }.count * 10 >= outcomes.count * 8)
  }

  @Test(.enabled(if: suite != nil, "BARTIZAN_ONNX_NODE_TESTS names no folder"))
  func theWholeSuitePassesButForWhatIsListed() throws {
    let outcomes = try Self.outcomes(in: try #require(Self.suite))
    Self.report(outcomes, "ONNX node tests")
    let failures = outcomes.filter { if case .failed = $0.outcome { true } else { false } }
    #expect(outcomes.filter { $0.outcome == .passed }.count * 10 >= outcomes.count * 9)
    #expect(
      failures.allSatisfy { KnownNodeTestFailures.reasons[$0.name] != nil },
      "\(failures.map(\.name).filter { KnownNodeTestFailures.reasons[$0] == nil })")
  }
}
