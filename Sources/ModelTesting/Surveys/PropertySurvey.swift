import AdversarialTesting
import EngineSupport
import NetworkVerification
import NeuralRuntime
import TensorCore

/// The check of one property of the plan: one part is one element of the channel it speaks of.
struct PropertySurvey: Sendable {
  let test: TestPlan.PropertyTest
  private let run: ModelTestRun
  private let box: ReadingBox
  private let elements: [Int]

  /// - Throws: what does not fit the model.
  init(_ test: TestPlan.PropertyTest, of run: ModelTestRun) throws(Diagnostic) {
    self.test = test
    self.run = run
    var ranges: [Int: ClosedRange<Double>] = [:]
    for part in test.ranges {
      for element in run.geometry.elements(of: part.channel) { ranges[element] = part.range }
    }
    box = try ReadingBox(try run.geometry.limits(), ranges: ranges)
    if case .monotone(let channel, _, _, _) = test.claim {
      elements = run.geometry.elements(of: channel)
    } else {
      elements = [0]
    }
  }

  var partCount: Int { elements.count }

  /// What stands for a model that has no bounds; anything else that is thrown is an error of the run.
  private static let limitations: Set<String> = [
    "network.bounds.too-large", "onnx.operator.not-bounded", "test.certificate.graph",
  ]

  func part(_ number: Int) throws -> PropertyPart {
    guard case .network(let network) = run.model.kind else {
      return PropertyPart(
        .unknown, openShare: 1, limitation: "properties are proved of networks, not of trees")
    }
    do throws(Diagnostic) {
      return switch test.claim {
      case .monotone(_, let direction, let output, let tolerance):
        try monotone(
          MonotonicityRule(
            output: output, element: elements[number], direction: direction, tolerance: tolerance),
          network)
      case .conditional(let consequence): try conditional(consequence, network)
      }
    } catch  where Self.limitations.contains(error.code.name) {
      return PropertyPart(.unknown, openShare: 1, limitation: error.message)
    }
  }

  private func monotone(
    _ rule: MonotonicityRule, _ network: Network
  ) throws(Diagnostic) -> PropertyPart {
    switch try rule.check(run.model.source, over: box, effort: run.profile.propertyEffort) {
    case .holds: return PropertyPart(.proved)
    case .unknown(let share): return PropertyPart(.unknown, openShare: share)
    case .broken(let lower, let upper):
      return PropertyPart(
        .refuted,
        counterexample: PropertyResult.Counterexample(
          readings: [lower, upper], outputs: try outputs(of: [lower, upper], network)))
    }
  }

  private func conditional(
    _ consequence: ConditionalRule.Consequence, _ network: Network
  ) throws(Diagnostic) -> PropertyPart {
    var judged = network
    // Softmax keeps the order of classes, and has no use in a proof about it.
    if case .label = consequence { judged = network.withoutFinalSoftmax }
    let result = try ConditionalRule(if: box, then: consequence)
      .check(judged, effort: run.profile.propertyEffort)
    switch result.verdict {
    case .proved: return PropertyPart(.proved)
    case .unknown(let share): return PropertyPart(.unknown, openShare: share)
    case .refuted(let example):
      return PropertyPart(
        .refuted,
        counterexample: PropertyResult.Counterexample(
          readings: [example.inputs], outputs: try outputs(of: [example.inputs], network)))
    }
  }

  private func outputs(
    of readings: [[Float]], _ network: Network
  ) throws(Diagnostic) -> [[Float]] {
    let values = try network.outputs(
      for: Tensor(
        shape: [readings.count] + network.input.shape, elements: readings.flatMap(\.self)))
    let width = values.elements.count / readings.count
    return readings.indices.map { Array(values.elements[$0 * width..<($0 + 1) * width]) }
  }
}
