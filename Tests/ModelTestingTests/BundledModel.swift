import EngineSupport
import Foundation
import ModelTesting
import ONNXFormat

/// A bundled model with its plan and its data, read from the checkout.
struct BundledModel {
  let model: ModelUnderTest
  let plan: TestPlan
  private let files: [String: InputDocument]

  init(_ name: String) throws {
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
      .appendingPathComponent("models/\(name)")
    func document(_ path: String) throws -> InputDocument {
      InputDocument(
        name: path, bytes: [UInt8](try Data(contentsOf: folder.appendingPathComponent(path))))
    }
    var diagnostics = Diagnostics()
    let file = try document("model.onnx")
    model = try ModelUnderTest(
      ONNXModel(reading: file), from: file, reportingTo: &diagnostics)
    let plan = try TestPlan(
      reading: try document("test-plan.yaml"), reportingTo: &diagnostics)
    self.plan = plan
    var files: [String: InputDocument] = [:]
    for reference in plan.references { files[reference.path] = try document(reference.path) }
    self.files = files
  }

  func samples() throws -> EvaluationSamples {
    var diagnostics = Diagnostics()
    return try EvaluationSamples(
      reading: files[plan.data.file.path] ?? InputDocument(name: "none", bytes: []), for: plan,
      of: model, reportingTo: &diagnostics)
  }

  /// Another plan for the same model and data.
  func run(_ plan: TestPlan, samples limit: Int = 6) throws(Diagnostic) -> ModelTestRun {
    var diagnostics = Diagnostics()
    let samples = try EvaluationSamples(
      reading: files[plan.data.file.path] ?? InputDocument(name: "none", bytes: []), for: plan,
      of: model, reportingTo: &diagnostics)
    return try ModelTestRun(
      plan, of: model, on: samples, profile: .quick, sampleLimit: limit,
      streams: try streams(of: plan), files: files, engine: "test")
  }

  /// What the plan's streams name; `nil` without any.
  func streams(of plan: TestPlan) throws(Diagnostic) -> EvaluationSamples? {
    guard let test = plan.streams, let document = files[test.data.file.path] else { return nil }
    var diagnostics = Diagnostics()
    return try EvaluationSamples(
      streams: test, reading: document, for: plan, of: model, reportingTo: &diagnostics)
  }

  func run(samples limit: Int? = nil, seed: UInt64? = nil) throws -> ModelTestRun {
    try ModelTestRun(
      plan, of: model, on: samples(), profile: .quick, sampleLimit: limit, seed: seed,
      streams: streams(of: plan), files: files, engine: "test")
  }
}
