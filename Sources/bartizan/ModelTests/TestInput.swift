import AssessmentPipeline
import EngineSupport
import Foundation
import ModelTesting

/// A model, its test plan and what the plan names, read from disk.
struct TestInput {
  let modelName: String
  let model: ModelUnderTest
  let dataName: String
  private(set) var diagnostics: [Diagnostic]
  private let plan: TestPlan
  private let samples: EvaluationSamples
  private let streams: EvaluationSamples?
  /// By path, as the plan gives it.
  private let files: [String: InputDocument]

  init(model modelPath: String, plan planPath: String) throws {
    var diagnostics = Diagnostics()
    let document = try FileAccess.read(planPath, as: planPath, limit: ProductLimits.product)
    do throws(Diagnostic) {
      plan = try TestPlan(reading: document, reportingTo: &diagnostics)
    } catch {
      throw BadInput(diagnostics.all + [error])
    }
    if diagnostics.hasErrors { throw BadInput(diagnostics.all) }
    let modelDocument = try ModelInput.document(modelPath)
    modelName = URL(fileURLWithPath: modelPath).lastPathComponent
    model = try ModelUnderTest(
      ModelInput.model(modelDocument), from: modelDocument, reportingTo: &diagnostics)
    let folder = URL(fileURLWithPath: planPath).deletingLastPathComponent()
    var files: [String: InputDocument] = [:]
    for reference in plan.references where files[reference.path] == nil {
      files[reference.path] = try FileAccess.read(
        folder.appendingPathComponent(reference.path).path, as: reference.path,
        limit: ProductLimits.file, namedAt: reference.location)
    }
    self.files = files
    dataName = plan.data.file.path
    guard let data = files[plan.data.file.path] else {
      preconditionFailure("every reference of the plan was read")
    }
    samples = try EvaluationSamples(
      reading: data, for: plan, of: model, reportingTo: &diagnostics)
    var streams: EvaluationSamples?
    if let test = plan.streams, let document = files[test.data.file.path] {
      streams = try EvaluationSamples(
        streams: test, reading: document, for: plan, of: model, reportingTo: &diagnostics)
    }
    self.streams = streams
    self.diagnostics = diagnostics.all
  }

  func run(profile: TestProfile, samples limit: Int?, seed: UInt64?) throws -> ModelTestRun {
    try ModelTestRun(
      plan, of: model, on: samples, profile: profile, sampleLimit: limit, seed: seed,
      streams: streams, files: files, engine: EngineVersion.text)
  }
}
