import EngineSupport
import Foundation
import NeuralRuntime
import ONNXFormat
import TensorCore
import Testing

/// ONNX's own node tests: each passes within its tolerance, or is refused by name for a reason.
///
/// The corpus holds a few. `make conformance` makes the others and names their folders: `BARTIZAN_ONNX_NODE_TESTS` (the
/// files of the Python package `onnx` 1.17.0), `BARTIZAN_ONNX_GENERATED_TESTS` (what a newer `onnx` generates) and
/// `BARTIZAN_ONNX_CLASSICAL_TESTS` (seeded cases of ai.onnx.ml).
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
  static let suite = folder("BARTIZAN_ONNX_NODE_TESTS")
  static let generated = folder("BARTIZAN_ONNX_GENERATED_TESTS")
  static let classical = folder("BARTIZAN_ONNX_CLASSICAL_TESTS")

  private static func folder(_ variable: String) -> URL? {
    ProcessInfo.processInfo.environment[variable].map { URL(fileURLWithPath: $0) }
  }

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

  /// The operators of a test's graph, read from the bytes, since a model may be refused as a whole.
  private static func operation(of folder: URL, _ name: String) throws -> String {
    if name.hasSuffix("_expanded") || name.contains("_expanded_") { return "functions, expanded" }
    let bytes = Array(try Data(contentsOf: folder.appendingPathComponent("model.onnx")))
    var names: [String] = []
    for case .message(58, let graph) in WireMutation.parse(bytes[...]) ?? [] {
      for case .message(10, let node) in graph {
        for field in node {
          if case .bytes(34, let text) = field {
            names.append(String(decoding: text, as: UTF8.self))
          }
          // A name whose letters happen to read as fields.
          if case .message(34, let fields) = field {
            names.append(String(decoding: WireMutation.serialized(fields), as: UTF8.self))
          }
        }
      }
    }
    return Set(names).count == 1 ? names[0] : names.last ?? "none"
  }

  /// One line for each operator: passed, failed, not supported.
  static func table(
    _ outcomes: [(name: String, outcome: Outcome)], in folder: URL
  ) throws -> String {
    var rows: [String: [Int]] = [:]
    for (name, outcome) in outcomes {
      let column =
        switch outcome {
        case .passed: 0
        case .failed: 1
        case .unsupported: 2
        }
      let operation = try operation(of: folder.appendingPathComponent(name), name)
      rows[operation, default: [0, 0, 0]][column] += 1
    }
    let lines = rows.sorted { $0.key < $1.key }.map { name, counts in
      "| \(name) | \(counts.map { "\($0)" }.joined(separator: " | ")) |"
    }
    return (["| operator | passed | failed | not supported |", "|---|---|---|---|"] + lines)
      .joined(separator: "\n")
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

  /// Prints the table and holds the share of passes, and that every failure is one with a reason.
  private func check(_ folder: URL?, _ title: String, leastShare: Int) throws {
    let folder = try #require(folder)
    let outcomes = try Self.outcomes(in: folder)
    print(try Self.table(outcomes, in: folder))
    Self.report(outcomes, title)
    let failures = outcomes.filter { if case .failed = $0.outcome { true } else { false } }
    for failure in failures {
      print(
        "failed: \(failure.name): \(KnownNodeTestFailures.reasons[failure.name] ?? "no reason is known")"
      )
    }
    let passed = outcomes.filter { $0.outcome == .passed }.count
    #expect(passed * 100 >= outcomes.count * leastShare, "\(passed) of \(outcomes.count)")
    #expect(
      failures.allSatisfy { KnownNodeTestFailures.reasons[$0.name] != nil },
      "\(failures.map(\.name).filter { KnownNodeTestFailures.reasons[$0] == nil })")
  }

  @Test(.enabled(if: suite != nil, "BARTIZAN_ONNX_NODE_TESTS names no folder"))
  func theWholeSuitePassesButForWhatIsListed() throws {
    try check(Self.suite, "ONNX node tests", leastShare: 95)
  }

  @Test(.enabled(if: generated != nil, "BARTIZAN_ONNX_GENERATED_TESTS names no folder"))
  func theGeneratedCasesPassOrAreOfANewerVersion() throws {
    try check(Self.generated, "generated ONNX node tests", leastShare: 50)
  }

  @Test(.enabled(if: classical != nil, "BARTIZAN_ONNX_CLASSICAL_TESTS names no folder"))
  func theClassicalCasesPass() throws {
    try check(Self.classical, "cases of ai.onnx.ml", leastShare: 90)
  }
}
