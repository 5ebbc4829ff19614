import AdversarialTesting
public import EngineSupport
import NumPyFormat
import Provenance
import TensorCore

/// Evaluation data as tests need them: checked, and drawn by the plan's rule.
public struct EvaluationSamples: Sendable {
  public let digest: ContentDigest
  /// Rows of the archive that were drawn, in the order of the draw: a shorter run tests the first of them.
  public let drawn: [Int]
  /// All rows: `[n] + shape of one sample`.
  let inputs: Tensor<Float>
  /// 0 for a regression.
  let labels: [Int]
  /// True values of a regression, `[n, outputs]` in row-major order; `nil` where the plan names none.
  let targets: [Float]?

  /// Reads the arrays that the plan names; everything that would spoil a test later is refused here, with the
  /// array and the element that is wrong.
  public init(
    reading document: InputDocument, for plan: TestPlan, of model: ModelUnderTest,
    reportingTo diagnostics: inout Diagnostics
  ) throws(Diagnostic) {
    try self.init(
      reading: document, as: plan.data, of: plan, model, longerAlong: nil,
      reportingTo: &diagnostics)
  }

  /// The streams of a plan: samples that are longer than the model's along the axis `time`.
  public init(
    streams test: TestPlan.StreamTest, reading document: InputDocument, for plan: TestPlan,
    of model: ModelUnderTest, reportingTo diagnostics: inout Diagnostics
  ) throws(Diagnostic) {
    try self.init(
      reading: document, as: test.data, of: plan, model, longerAlong: plan.input.axis(.time),
      reportingTo: &diagnostics)
  }

  private init(
    reading document: InputDocument, as data: TestPlan.Data, of plan: TestPlan,
    _ model: ModelUnderTest, longerAlong time: Int?, reportingTo diagnostics: inout Diagnostics
  ) throws(Diagnostic) {
    digest = ContentDigest(of: document.bytes)
    let archive = try NumPyArchive(reading: document)
    let array = try archive.array(named: data.inputs)
    let shape = model.inputShape
    let axes = Array(array.shape.dropFirst())
    let fits = axes.indices.allSatisfy { axis in
      shape.indices.contains(axis)
        && (axis == time ? axes[axis] >= shape[axis] : axes[axis] == shape[axis])
    }
    guard axes.count == shape.count, fits else {
      let longer = time.map { ", longer along axis \($0)" } ?? ""
      throw Diagnostic(
        "data.shape.mismatch",
        "the model takes samples of shape \(shape)\(longer); \"\(data.inputs)\" has the shape "
          + "\(array.shape)", at: array.location)
    }
    if let index = array.firstNonFinite {
      throw Diagnostic(
        "data.value.non-finite",
        "element \(index) of \"\(data.inputs)\" is NaN or infinite", at: array.location)
    }
    inputs = try array.floatTensor()
    let count = array.shape[0]
    labels = try Self.labels(
      of: data, isAboutClasses: plan.task.isAboutClasses, in: archive, count: count,
      classes: model.facts.outputCount)
    targets = try Self.targets(
      of: data, in: archive, count: count, outputs: model.facts.outputCount)
    drawn = try Self.draw(data, from: archive, count: count, reportingTo: &diagnostics)
    guard !drawn.isEmpty else {
      throw Diagnostic("data.empty", "there is no sample to test with", at: array.location)
    }
  }

  private static func labels(
    of data: TestPlan.Data, isAboutClasses: Bool, in archive: NumPyArchive, count: Int,
    classes: Int
  ) throws(Diagnostic) -> [Int] {
    guard isAboutClasses, let name = data.labels else {
      return Array(repeating: 0, count: count)
    }
    let array = try archive.array(named: name)
    let labels = try array.integers()
    guard labels.count == count, array.shape.count == 1 else {
      throw Diagnostic(
        "data.labels.count", "\(count) samples but labels of shape \(array.shape)",
        at: array.location)
    }
    if let index = labels.firstIndex(where: { !(0..<classes).contains($0) }) {
      throw Diagnostic(
        "data.label.range",
        "label \(labels[index]) of sample \(index) is not one of the model's \(classes) classes",
        at: array.location)
    }
    return labels
  }

  private static func targets(
    of data: TestPlan.Data, in archive: NumPyArchive, count: Int, outputs: Int
  ) throws(Diagnostic) -> [Float]? {
    guard let name = data.targets else { return nil }
    let array = try archive.array(named: name)
    guard array.shape == [count, outputs] || outputs == 1 && array.shape == [count] else {
      throw Diagnostic(
        "data.targets.count",
        "\(count) samples with \(outputs) outputs, but targets of shape \(array.shape)",
        at: array.location)
    }
    if let index = array.firstNonFinite {
      throw Diagnostic(
        "data.value.non-finite", "element \(index) of \"\(name)\" is NaN or infinite",
        at: array.location)
    }
    return try array.floatTensor().elements
  }

  /// Simple random sampling without replacement; of each group one member takes part.
  private static func draw(
    _ data: TestPlan.Data, from archive: NumPyArchive, count: Int,
    reportingTo diagnostics: inout Diagnostics
  ) throws(Diagnostic) -> [Int] {
    var random = SeededRandom(seed: data.seed).stream("sampling", 0)
    var order = Array(0..<count)
    order.shuffle(using: &random)
    if let name = data.groups {
      let array = try archive.array(named: name)
      let groups = try array.integers()
      guard groups.count == count, array.shape.count == 1 else {
        throw Diagnostic(
          "data.groups.count", "\(count) samples but groups of shape \(array.shape)",
          at: array.location)
      }
      var seen: Set<Int> = []
      order = order.filter { seen.insert(groups[$0]).inserted }
    }
    let wanted: Int
    switch data.rule {
    case .all: return order
    case .count(let size): wanted = size
    case .proving(let rate, let confidence, let failures):
      wanted =
        SamplePlan.count(provingRateBelow: rate, confidence: confidence, failures: failures)
        ?? SamplePlan.limit
    case .halfWidth(let width, let confidence):
      wanted =
        SamplePlan.count(halfWidth: width, confidence: confidence) ?? SamplePlan.limit
    }
    if wanted > order.count {
      diagnostics.report(
        Diagnostic(
          .warning, "data.sample.short",
          "the plan asks for \(wanted) independent samples, the data have \(order.count): all are taken, "
            + "and the intervals are wider than planned", at: data.file.location))
    }
    return Array(order.prefix(wanted))
  }
}

extension EvaluationSamples {
  /// The shape of one sample.
  var shape: [Int] { Array(inputs.shape.dropFirst()) }

  /// True values of some rows, one row after the other; `nil` where the plan names none.
  func targets(_ rows: [Int]) -> [Float]? {
    guard let targets, let count = inputs.shape.first, count > 0 else { return nil }
    let width = targets.count / count
    return rows.flatMap { targets[$0 * width..<($0 + 1) * width] }
  }

  /// Some rows as a batch with their labels.
  func batch(_ rows: [Int]) -> (inputs: Tensor<Float>, labels: [Int]) {
    let width = inputs.shape.dropFirst().reduce(1, *)
    var elements: [Float] = []
    elements.reserveCapacity(rows.count * width)
    for row in rows { elements += inputs.elements[row * width..<(row + 1) * width] }
    return (
      Tensor(shape: [rows.count] + inputs.shape.dropFirst(), elements: elements),
      rows.map { labels[$0] }
    )
  }
}
