import AdversarialTesting
public import EngineSupport
import NumPyFormat
import Provenance
import TensorCore

/// A plan made ready for one model and one set of samples: everything is resolved and hashed, nothing has run yet.
///
/// Running is `run(workers:journal:progress:)`. The same resolved plan gives the same bytes at any width, and
/// whether or not it was interrupted on the way.
public struct ModelTestRun: Sendable {
  let plan: TestPlan
  let profile: TestProfile
  let seed: UInt64
  let model: ModelUnderTest
  let geometry: InputGeometry
  /// Rows of the evaluation data, ascending.
  let rows: [Int]
  /// Places among `rows`, in the order of the draw.
  let drawn: [Int]
  let inputs: Tensor<Float>
  let labels: [Int]
  /// True values of a regression, one row after the other; `nil` where the plan names none.
  let targets: [Float]?
  let attackers: [AttackerRun]
  let noise: Campaign?
  let streams: StreamRun?
  /// The resolved plan as data.
  public let resolved: JSONValue
  /// Of the resolved plan: model, data, samples, sets, attacks with every parameter, audit, seeds, engine.
  public let digest: ContentDigest

  /// - Parameters:
  ///   - sampleLimit: Tests the first samples of the draw only.
  ///   - seed: Overrules the plan's.
  ///   - streams: What the plan's `streams` name; needed where it has them.
  ///   - files: The archives of measurement models, by the path the plan gives.
  ///   - engine: The engine's version; a part of what is hashed.
  /// - Throws: what of the plan does not fit the model or the data, at its place.
  public init(
    _ plan: TestPlan, of model: ModelUnderTest, on samples: EvaluationSamples,
    profile: TestProfile = .standard, sampleLimit: Int? = nil, seed: UInt64? = nil,
    streams: EvaluationSamples? = nil, files: [String: InputDocument] = [:], engine: String
  ) throws(Diagnostic) {
    try Self.check(plan, fits: model)
    self.plan = plan
    self.profile = profile
    self.seed = seed ?? plan.seed
    self.model = model
    geometry = try InputGeometry(plan.input, shape: model.inputShape)
    for test in plan.faultCertificates {
      _ = try test.fault(over: plan.input, shape: model.inputShape)
    }
    for test in plan.properties {
      var elements = 1
      if case .monotone(let channel, _, _, _) = test.claim {
        elements = geometry.elements(of: channel).count
      }
      try test.check(elements: elements, outputs: model.facts.outputCount)
    }
    let limit = min(sampleLimit ?? .max, profile.sampleLimit ?? .max)
    rows = samples.drawn.prefix(limit).sorted()
    let places = Dictionary(uniqueKeysWithValues: rows.enumerated().map { ($1, $0) })
    drawn = samples.drawn.prefix(limit).compactMap { places[$0] }
    (inputs, labels) = samples.batch(rows)
    targets = samples.targets(rows)
    try geometry.check(inputs, rows: rows, named: plan.data)
    let setting = AttackerRun.Setting(
      plan: plan, model: model, target: model.target, goal: plan.task.goal, geometry: geometry,
      profile: profile, seed: self.seed,
      inputs: inputs, labels: labels,
      measurementModels: try Self.measurementModels(of: plan, in: files))
    var attackers: [AttackerRun] = []
    for attacker in plan.attackers { attackers.append(try AttackerRun(attacker, in: setting)) }
    self.attackers = attackers
    noise = try plan.noise.map { test throws(Diagnostic) in try Self.noise(test, in: setting) }
    self.streams = try plan.streams.map { test throws(Diagnostic) in
      guard let streams else {
        throw Diagnostic(
          "input.file.missing", "the file \"\(test.data.file.path)\" was not given",
          at: test.data.file.location)
      }
      return try StreamRun(test, on: streams, limit: sampleLimit, in: setting)
    }
    resolved = ResolvedPlan.value(
      of: plan, profile: profile, seed: self.seed, model: model, samples: samples, rows: rows,
      attackers: attackers, noise: noise, streams: self.streams,
      measurementFiles: Dictionary(
        uniqueKeysWithValues: Set(plan.attackers.compactMap(\.measurementModel?.file.path))
          .compactMap {
            path in files[path].map { (path, ContentDigest(of: $0.bytes)) }
          }), engine: engine)
    digest = ContentDigest(of: CanonicalJSON.bytes(of: resolved))
  }

  private static func check(
    _ plan: TestPlan, fits model: ModelUnderTest
  ) throws(Diagnostic) {
    guard model.inputName == plan.input.tensor else {
      throw Diagnostic(
        "plan.tensor.unknown",
        "the model's input is called \"\(model.inputName)\", not \"\(plan.input.tensor)\"",
        at: plan.input.location)
    }
    if let digest = plan.modelDigest, digest != model.digest {
      throw Diagnostic(
        "plan.model.digest",
        "the plan is for the model \(digest.short)…, this file is \(model.digest.short)…",
        at: SourceLocation(document: plan.document, path: "model.sha256"))
    }
    if case .classification(let classes?, _) = plan.task,
      classes.count != model.facts.outputCount
    {
      throw Diagnostic(
        "plan.classes.count",
        "the plan names \(classes.count) classes, the model has \(model.facts.outputCount)",
        at: SourceLocation(document: plan.document, path: "model.classes"))
    }
  }

  private static func measurementModels(
    of plan: TestPlan, in files: [String: InputDocument]
  ) throws(Diagnostic) -> [TestPlan.MeasurementReference: MeasurementModel] {
    var models: [TestPlan.MeasurementReference: MeasurementModel] = [:]
    for reference in plan.attackers.compactMap(\.measurementModel) {
      guard let document = files[reference.file.path] else {
        throw Diagnostic(
          "input.file.missing", "the file \"\(reference.file.path)\" was not given",
          at: reference.file.location)
      }
      let array = try NumPyArchive(reading: document).array(named: reference.array)
      guard array.shape.count == 2 else {
        throw Diagnostic(
          "test.measurement.shape", "\"\(reference.array)\" is no matrix", at: array.location)
      }
      let matrix = try array.doubleTensor()
      let columns = matrix.shape[1]
      models[reference] = try MeasurementModel(
        matrix: (0..<matrix.shape[0]).map { row in
          Array(matrix.elements[row * columns..<(row + 1) * columns])
        }, residualLimit: reference.residualLimit)
    }
    return models
  }

  /// Where the normal distribution is cut off, in standard deviations.
  static let noiseCutOff = 4.0

  /// Each channel with its own noise: budgets and shares count in standard deviations.
  private static func noise(
    _ test: TestPlan.NoiseTest, in setting: AttackerRun.Setting
  ) throws(Diagnostic) -> Campaign {
    let geometry = setting.geometry
    let noisy = geometry.input.channels.indices.filter { geometry.input.channels[$0].noise > 0 }
    let set = try PerturbationSet(
      try geometry.limits(writes: noisy), norm: .linf, budget: noiseCutOff,
      shares: geometry.shares(of: .noise))
    return try Campaign(
      model: setting.model.target, samples: setting.inputs, labels: setting.labels,
      ladder: [noiseCutOff], set: set, goal: setting.plan.task.goal,
      attack: SensorNoise(
        .gaussian(standardDeviation: 1),
        draws: setting.profile == .quick ? min(test.draws, 20) : test.draws),
      seed: setting.seed, noiseDraws: setting.profile.controlDraws)
  }
}

extension InputGeometry {
  /// - Throws: `data.value.out-of-range` for a reading that the sensor cannot give.
  func check(
    _ inputs: Tensor<Float>, rows: [Int], named data: TestPlan.Data
  ) throws(Diagnostic) {
    let low = spread { input.tensorValue($0.range.lowerBound) }
    let high = spread { input.tensorValue($0.range.upperBound) }
    for (place, row) in rows.enumerated() {
      for element in channelOfElement.indices {
        let value = inputs.elements[place * channelOfElement.count + element]
        // The ends may have been stored with a rounding of their own.
        guard value >= low[element] - 2 * low[element].ulp,
          value <= high[element] + 2 * high[element].ulp
        else {
          let channel = input.channels[channelOfElement[element]]
          throw Diagnostic(
            "data.value.out-of-range",
            "element \(element) of sample \(row) of \"\(data.inputs)\" reads \(input.units(value)), outside "
              + "the range of \"\(channel.name)\", \(channel.range.lowerBound) to "
              + "\(channel.range.upperBound) \(channel.unit)", at: data.file.location)
        }
      }
    }
  }
}
