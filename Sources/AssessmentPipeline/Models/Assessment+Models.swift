import ArchitectureModel
import AttackGraphs
import EngineSupport
import ModelTesting
import ONNXFormat
import ThreatKnowledge
import ThreatLanguage

/// Models: read, compared with their descriptors, and tested as their test plans say.
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
    let modelDocument = try document(model.file)
    let read = try ModelUnderTest(
      ONNXModel(reading: modelDocument), from: modelDocument, reportingTo: &diagnostics)
    let file = evidence.record(.model, modelDocument)
    let planned = try plannedRun(
      of: model, read, architecture, recordingTo: &evidence, reportingTo: &diagnostics)
    let lineage = try lineage(
      of: model, file, [planned?.evaluation, planned?.streams].compactMap(\.self),
      recordingTo: &evidence, reportingTo: &diagnostics)
    var assessment = ModelAssessment(
      id: model.id, asset: asset, file: file, evaluation: planned?.evaluation,
      facts: ModelAssessment.Facts(read), run: nil, tests: [],
      notTested: ["No test plan is given, so the language's priors stand."], lineage: lineage)
    guard let planned else { return assessment }
    let stage = "testing \(model.id)"
    progress(AssessmentProgress(stage: stage, share: 0))
    let result = try planned.run.run(
      workers: OrderedConcurrency(width: options.jobs), journal: options.journal
    ) { progress(AssessmentProgress(stage: "\(stage): \($0)", share: $1)) }
    assessment.run = result
    assessment.notTested = result.notTested
    assessment.tests = tests(
      of: result, model: model.id, asset: asset, files: [file] + planned.files,
      recordingTo: &evidence)
    if let facts = PropertyFacts.facts(of: result) {
      assessment.propertyRecord = evidence.record(
        testRun: PropertyFacts.name(of: model.id), on: [file] + planned.files, facts: facts)
    }
    return assessment
  }

  private func learningAsset(
    of model: ProductFile.Model, _ architecture: ArchitectureGraph, _ bound: BoundInstance
  ) throws(Diagnostic) -> String {
    let component = try architecture.component(called: model.component, at: model.location)
    let kinds: [ComponentKind] = [.learningModel, .detectorModel]
    guard kinds.contains(architecture.components[component].kind) else {
      throw Diagnostic(
        "product.model.wrong-kind",
        "\"\(architecture.components[component].name)\" is a "
          + "\(architecture.components[component].kind.rawValue), not a "
          + kinds.map(\.rawValue).joined(separator: " or "),
        at: model.location)
    }
    return bound.model.assets[bound.assetOfComponent[component]].name
  }
}

/// A model's plan made ready, with the files it was made of.
private struct PlannedRun {
  var run: ModelTestRun
  /// Plan, data and whatever else the plan names, as recorded.
  var files: [SourceFile]
  var evaluation: SourceFile
  var streams: SourceFile?
}

extension Assessment {
  private func plannedRun(
    of model: ProductFile.Model, _ read: ModelUnderTest, _ architecture: ArchitectureGraph,
    recordingTo evidence: inout EvidenceRecorder, reportingTo diagnostics: inout Diagnostics
  ) throws -> PlannedRun? {
    guard let reference = model.testPlan else { return nil }
    let planDocument = try document(reference)
    let planned = try PlannedFiles(planDocument, at: reference, reportingTo: &diagnostics)
    if diagnostics.hasErrors { throw BadInput(diagnostics.all) }
    let plan = planned.plan
    try checkSensors(of: model, plan, architecture, reportingTo: &diagnostics)
    let dataDocument = try document(
      ProductFile.FileReference(
        path: planned.path(plan.data.file), location: plan.data.file.location))
    let samples = try EvaluationSamples(
      reading: dataDocument, for: plan, of: read, reportingTo: &diagnostics)
    var streams: EvaluationSamples?
    var streamDocument: InputDocument?
    if let test = plan.streams {
      let document = try document(
        ProductFile.FileReference(
          path: planned.path(test.data.file), location: test.data.file.location))
      streams = try EvaluationSamples(
        streams: test, reading: document, for: plan, of: read, reportingTo: &diagnostics)
      streamDocument = document
    }
    var files: [String: InputDocument] = [:]
    for reference in plan.attackers.compactMap(\.measurementModel?.file) {
      files[reference.path] = try document(
        ProductFile.FileReference(path: planned.path(reference), location: reference.location))
    }
    let run = try ModelTestRun(
      plan, of: read, on: samples, profile: options.profile, sampleLimit: options.sampleLimit,
      seed: options.seed, streams: streams, files: files, engine: EngineVersion.text)
    let planFile = evidence.record(.testPlan, planDocument)
    let evaluation = evidence.record(.evaluationData, dataDocument)
    let streamFile = streamDocument.map { evidence.record(.evaluationData, $0) }
    let others = files.sorted { $0.key < $1.key }.map {
      evidence.record(.measurementModel, $0.value)
    }
    return PlannedRun(
      run: run, files: [planFile, evaluation] + [streamFile].compactMap(\.self) + others,
      evaluation: evaluation, streams: streamFile)
  }

  /// Every named channel is one of the plan's, every named sensor is drawn as one.
  private func checkSensors(
    of model: ProductFile.Model, _ plan: TestPlan, _ architecture: ArchitectureGraph,
    reportingTo diagnostics: inout Diagnostics
  ) throws(Diagnostic) {
    var covered: Set<Int> = []
    for source in model.sensors {
      let channels = plan.input.channels(called: source.channel)
      guard !channels.isEmpty else {
        throw Diagnostic(
          "product.channel.unknown",
          "the test plan of \(model.id) has no channel \"\(source.channel)\"",
          at: source.location)
      }
      covered.formUnion(channels)
      let sensor = architecture.components[
        try architecture.component(called: source.sensor, at: source.location)]
      guard sensor.kind.isSensor else {
        throw Diagnostic(
          "product.sensor.wrong-kind",
          "\"\(sensor.name)\" is a \(sensor.kind.rawValue), not a sensor", at: source.location)
      }
    }
    let open = plan.input.channels.indices.filter { !covered.contains($0) }
    if let first = open.first {
      diagnostics.report(
        Diagnostic(
          .warning, "product.channel.without-sensor",
          "nothing says which drawn sensor measures \"\(plan.input.channels[first].name)\""
            + (open.count > 1 ? " and \(open.count - 1) more channels" : "") + " of \(model.id)",
          at: model.location))
    }
  }

  /// Attackers and noise as the tests that demonstrate steps of the language.
  private func tests(
    of result: ModelTestResult, model: String, asset: String, files: [SourceFile],
    recordingTo evidence: inout EvidenceRecorder
  ) -> [ModelTest] {
    var tests: [ModelTest] = []
    for demonstration in Demonstration.all(of: result) {
      let id = demonstration.id(of: model)
      let record = evidence.record(
        testRun: id, on: files, facts: CampaignFacts.facts(of: demonstration, in: result))
      tests.append(
        ModelTest(
          id: id, step: demonstration.step, isOverStreams: demonstration.isOverStreams,
          title: demonstration.title, unit: demonstration.unit,
          reason: demonstration.reason, chosenBudget: demonstration.chosen,
          result: demonstration.campaign, attacker: demonstration.attacker,
          measurement: demonstration.measurement(asset: asset, testRun: id), record: record))
    }
    return tests
  }
}

extension ComponentKind {
  /// Whether it measures something.
  var isSensor: Bool {
    switch self {
    case .sensor, .opticalSensor, .acousticSensor, .inertialSensor, .rangingSensor,
      .satelliteReceiver, .processTransducer, .electricalTransducer, .signalConverter:
      true
    default: false
    }
  }
}
