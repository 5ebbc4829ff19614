import AdversarialTesting
import ArchitectureModel
import AttackGraphs
import EngineSupport
import NeuralRuntime
import NumPyFormat
import ONNXFormat
import TensorCore
import ThreatKnowledge
import ThreatLanguage

/// Models: read, planned, compared with their descriptors, and tested within the sensor's physical limits.
extension Assessment {
  func assessModels(
    _ architecture: ArchitectureGraph, _ bound: BoundInstance,
    recordingTo evidence: inout EvidenceRecorder, reportingTo diagnostics: inout Diagnostics,
    progress: @escaping @Sendable (AssessmentProgress) -> Void
  ) throws -> [ModelAssessment] {
    var assessed: [ModelAssessment] = []
    for model in product.models {
      assessed.append(
        try assess(
          model, architecture, bound, recordingTo: &evidence, reportingTo: &diagnostics,
          progress: progress))
    }
    return assessed
  }

  private func assess(
    _ model: ProductFile.Model, _ architecture: ArchitectureGraph, _ bound: BoundInstance,
    recordingTo evidence: inout EvidenceRecorder, reportingTo diagnostics: inout Diagnostics,
    progress: @escaping @Sendable (AssessmentProgress) -> Void
  ) throws -> ModelAssessment {
    progress(AssessmentProgress(stage: "reading model \(model.id)"))
    let asset = try learningAsset(of: model, architecture, bound)
    let input = try testedInput(of: model, architecture)
    let modelDocument = try document(model.file)
    let onnx = try ONNXModel(reading: modelDocument)
    let network = try Network(planning: onnx, reportingTo: &diagnostics)
    guard network.input.name == input.tensor else {
      throw Diagnostic(
        "product.tensor.unknown",
        "the model's input is called \"\(network.input.name)\", not \"\(input.tensor)\"",
        at: input.location)
    }
    let file = evidence.record(.model, modelDocument)
    var evaluation: SourceFile?
    var samples: LabelledSamples?
    if let data = model.evaluation {
      let dataDocument = try document(data.file)
      samples = try LabelledSamples(
        reading: dataDocument, as: data, input: input, shape: network.input.shape,
        classes: network.output.shape.last ?? 0, limit: options.sampleLimit)
      evaluation = evidence.record(.evaluationData, dataDocument)
    }
    let lineage = try lineage(
      of: model, file, evaluation, recordingTo: &evidence, reportingTo: &diagnostics)

    var tests: [ModelTest] = []
    var notTested: [String] = []
    if let samples, let evaluation {
      let target = try NetworkTarget(network, at: model.location)
      let limits = try PhysicalLimits(
        shape: network.input.shape, low: [input.range.lowerBound], high: [input.range.upperBound],
        leastSignificantBit: [input.leastSignificantBit])
      for step in DemonstratedStep.allCases {
        guard let plan = TestPlan(of: step, for: input) else {
          notTested.append(TestPlan.reasonForNone(of: step, input: input))
          continue
        }
        let test = try run(
          plan, of: step, on: target, samples, limits, model: model.id, asset: asset,
          unit: input.unit, files: [file, evaluation], recordingTo: &evidence, progress: progress)
        tests.append(test)
      }
    } else {
      notTested.append("No evaluation data is given, so the language's priors stand.")
    }
    return ModelAssessment(
      id: model.id, asset: asset, file: file, evaluation: evaluation,
      facts: Self.facts(of: network, onnx), tests: tests, notTested: notTested, lineage: lineage)
  }

  private func learningAsset(
    of model: ProductFile.Model, _ architecture: ArchitectureGraph, _ bound: BoundInstance
  ) throws(Diagnostic) -> String {
    let component = try architecture.component(called: model.component, at: model.location)
    guard architecture.components[component].kind == .learningModel else {
      throw Diagnostic(
        "product.model.wrong-kind",
        "\"\(architecture.components[component].name)\" is a "
          + "\(architecture.components[component].kind.rawValue), not a learning-model",
        at: model.location)
    }
    return bound.model.assets[bound.assetOfComponent[component]].name
  }

  /// The one input that is attacked, with its sensor found in the drawing.
  private func testedInput(
    of model: ProductFile.Model, _ architecture: ArchitectureGraph
  ) throws(Diagnostic) -> ProductFile.ModelInput {
    guard model.inputs.count == 1 else {
      throw Diagnostic(
        "product.model.inputs",
        "this version tests models with one input; \(model.id) lists "
          + "\(model.inputs.count)", at: model.location)
    }
    let sensor = try architecture.component(
      called: model.inputs[0].sensor, at: model.inputs[0].location)
    guard architecture.components[sensor].kind == .sensor else {
      throw Diagnostic(
        "product.sensor.wrong-kind",
        "\"\(architecture.components[sensor].name)\" is a "
          + "\(architecture.components[sensor].kind.rawValue), not a sensor",
        at: model.inputs[0].location)
    }
    return model.inputs[0]
  }

  private func run(
    _ plan: TestPlan, of step: DemonstratedStep, on target: NetworkTarget,
    _ samples: LabelledSamples, _ limits: PhysicalLimits, model: String, asset: String,
    unit: String, files: [SourceFile],
    recordingTo evidence: inout EvidenceRecorder,
    progress: @escaping @Sendable (AssessmentProgress) -> Void
  ) throws -> ModelTest {
    let stage = "testing \(model): \(plan.title)"
    progress(AssessmentProgress(stage: stage, share: 0))
    let campaign = try Campaign(
      model: target, samples: samples.inputs, labels: samples.labels, limits: limits,
      budgets: plan.budgets, attack: plan.attack, seed: options.seed)
    let workers = OrderedConcurrency(width: options.jobs)
    let result = try campaign.run(
      batchSize: 32, progress: { progress(AssessmentProgress(stage: stage, share: $0)) },
      mapping: { try workers.map($0, $1) })
    let id = "\(model)/\(step.rawValue)"
    let record = evidence.record(
      testRun: id, on: files,
      facts: CampaignFacts.facts(of: result, plan: plan, unit: unit))
    return ModelTest(
      id: id, step: step, title: plan.title, unit: unit, reason: plan.reason,
      chosenBudget: plan.chosen, result: result,
      measurement: Self.measurement(result, plan, asset: asset, step: step, testRun: id),
      record: record)
  }

  /// The measured rate at the chosen budget. Where no attempt succeeded, the upper end of the interval stands
  /// for it: that many failures do not prove that the next attempt fails.
  static func measurement(
    _ result: CampaignResult, _ plan: TestPlan, asset: String, step: DemonstratedStep,
    testRun: String
  ) -> Measurement? {
    guard result.verdict != .inconclusive,
      let chosen = result.budgets.first(where: { $0.budget == plan.chosen })
    else { return nil }
    return Measurement(
      asset: asset, step: step.rawValue,
      rate: chosen.successes == 0 ? chosen.interval.upper : chosen.rate,
      lower: chosen.interval.lower, upper: chosen.interval.upper, testRun: testRun)
  }

  private static func facts(of network: Network, _ onnx: ONNXModel) -> ModelAssessment.Facts {
    ModelAssessment.Facts(
      producer: onnx.producer, opset: onnx.opsets[""] ?? 0, irVersion: onnx.irVersion,
      inputName: network.input.name, inputShape: network.input.shape,
      outputName: network.output.name, classCount: network.output.shape.last ?? 0,
      parameters: network.parameterCount, multiplyAdds: network.multiplyAddsPerSample,
      operators: network.operatorHistogram.sorted { $0.key < $1.key }
        .map { ModelAssessment.OperatorCount(name: $0.key, count: $0.value) })
  }
}
