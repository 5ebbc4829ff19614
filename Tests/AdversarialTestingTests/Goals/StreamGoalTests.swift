import EngineSupport
import TensorCore
import Testing

@testable import AdversarialTesting

/// Attacks on streams: what counts as broken, what may change, and what an attacker may know.
@Suite struct StreamGoalTests {
  private static let seed: UInt64 = 20_261_123
  private static let instants = 9
  private static let step = 2

  /// Three classes of windows of four instants with two channels.
  private static func model(_ random: inout SeededRandom, axis: Int = 0) throws -> WindowedModel {
    let window = LinearModel(
      inputShape: axis == 0 ? [4, 2] : [2, 4],
      weights: (0..<3).map { _ in (0..<8).map { _ in Float(random.uniform() - 0.5) } },
      bias: [0.1, 0, 0])
    return try WindowedModel(window, recording: instants, stride: step, axis: axis)
  }

  private static func streams(
    _ random: inout SeededRandom, _ count: Int, axis: Int = 0
  ) -> Tensor<Float> {
    Tensor(
      shape: axis == 0 ? [count, instants, 2] : [count, 2, instants],
      elements: (0..<count * instants * 2).map { _ in
        Float((random.uniform() * 64).rounded() / 64)
      })
  }

  /// The class of each window, asked one by one.
  private static func answers(
    _ stream: [Float], _ model: WindowedModel, axis: Int = 0
  ) throws -> [Int] {
    try (0..<model.windowCount).map { number in
      let first = number * step
      let elements =
        axis == 0
        ? Array(stream[first * 2..<(first + 4) * 2])
        : (0..<2).flatMap { stream[$0 * instants + first..<$0 * instants + first + 4] }
      let scores = try model.base.scores(
        of: Tensor(shape: [1] + model.base.inputShape, elements: elements)
      ).elements
      return scores.firstIndex(of: scores.max() ?? 0) ?? 0
    }
  }

  private static func isBroken(_ answers: [Int], label: Int, rule: StreamGoal.Rule) -> Bool {
    switch rule {
    case .event: label == 0 ? answers.contains { $0 != 0 } : answers.allSatisfy { $0 == 0 }
    case .anyWindow: answers.contains { $0 != label }
    case .everyWindow: answers.allSatisfy { $0 != label }
    }
  }

  @Test(arguments: StreamGoal.Rule.allCases, [0, 1])
  func whatIsBrokenIsBrokenByTheRule(_ rule: StreamGoal.Rule, axis: Int) throws {
    var random = SeededRandom(seed: Self.seed)
    let model = try Self.model(&random, axis: axis)
    let count = 48
    let streams = Self.streams(&random, count, axis: axis)
    let size = Self.instants * 2
    // Of events the label is another than quiet or not; otherwise what the first window answers.
    let labels = try (0..<count).map { row in
      rule == .event
        ? row % 3
        : try Self.answers(
          Array(streams.elements[row * size..<(row + 1) * size]), model, axis: axis)[0]
    }
    let onset = 3
    let writable = (0..<Self.instants * 2).map {
      (axis == 0 ? $0 / 2 : $0 % Self.instants) >= onset
    }
    let limits = try PhysicalLimits(
      shape: model.inputShape, low: [0], high: [1], leastSignificantBit: [1.0 / 64],
      writable: writable)
    let rules: [PhysicalRule] = [.slew(axis: axis, rise: 0.5, fall: 0.5)]
    let set = try PerturbationSet(limits, norm: .linf, budget: 0.25, rules: rules)
    let goal = AttackGoal.stream(
      StreamGoal(rule, windows: model.windowCount, outputs: 3, quiet: rule == .event ? 0 : nil))
    var broken = 0
    for attack in [
      ProjectedGradientDescent(iterations: 20, restarts: 1) as any AdversarialAttack,
      CausalDescent(axis: axis), SquareAttack(queries: 100),
    ] {
      let campaign = try Campaign(
        model: model, samples: streams, labels: labels, ladder: [0.125, 0.25], set: set,
        goal: goal, attack: attack, seed: 3, noiseDraws: 5)
      let result = try campaign.run()
      #expect(result == (try campaign.run(batchSize: 5)))
      #expect(result.rejected.outsideSet == 0 && result.rejected.singleDisagrees == 0)
      for record in result.samples {
        let width = Self.instants * 2
        let clean = Array(streams.elements[record.index * width..<(record.index + 1) * width])
        let before = try Self.answers(clean, model, axis: axis)
        #expect(
          record.isTrial == !Self.isBroken(before, label: record.label, rule: rule),
          "seed \(Self.seed), stream \(record.index)")
        guard let example = record.example else { continue }
        broken += 1
        let after = try Self.answers(example.reading, model, axis: axis)
        #expect(Self.isBroken(after, label: record.label, rule: rule))
        #expect(example.prediction != record.label || rule == .event)
        for index in example.reading.indices where !writable[index] {
          #expect(example.reading[index] == clean[index])
        }
      }
    }
    #expect(broken > 10, "seed \(Self.seed): \(broken)")
  }

  /// Two streams that agree up to an instant are bent alike up to it, whatever comes later.
  @Test func whoCannotForeseeBendsAlikeWhatLooksAlike() throws {
    var random = SeededRandom(seed: Self.seed)
    let model = try Self.model(&random)
    let limits = try PhysicalLimits(
      shape: model.inputShape, low: [0], high: [1], leastSignificantBit: [1.0 / 64])
    let set = try PerturbationSet(
      limits, norm: .linf, budget: 0.4, rules: [.slew(axis: 0, rise: 0.6, fall: 0.6)])
    let goal = AttackGoal.stream(
      StreamGoal(.anyWindow, windows: model.windowCount, outputs: 3))
    let known = 5
    var compared = 0
    for _ in 0..<40 {
      let first = Self.streams(&random, 1)
      var second = Self.streams(&random, 1)
      second.elements.replaceSubrange(0..<known * 2, with: first.elements[0..<known * 2])
      let found = try [first, second].map { stream in
        try CausalDescent().search(
          AttackBatch(
            samples: [0], originals: stream, labels: [0], set: set, goal: goal,
            random: SeededRandom(seed: 1)), model, queries: nil
        ).candidate
      }
      guard let left = found[0], let right = found[1] else { continue }
      #expect(left[0..<known * 2] == right[0..<known * 2], "seed \(Self.seed)")
      compared += 1
    }
    #expect(compared > 5, "seed \(Self.seed): \(compared)")
  }

  @Test func gradientsInDoubleAddUpOverWindows() throws {
    struct Double2: TargetModel {
      var base: LinearModel
      var inputShape: [Int] { base.inputShape }
      var classCount: Int { base.classCount }
      func scores(of batch: Tensor<Float>) -> Tensor<Float> { base.scores(of: batch) }
      func scoresInDouble(of batch: Tensor<Double>) -> Tensor<Double> {
        base.scoresInDouble(of: batch)
      }
      func gradient(
        at batch: Tensor<Float>, of cotangent: @Sendable (Tensor<Float>) -> Tensor<Float>
      ) -> (scores: Tensor<Float>, gradient: Tensor<Float>) {
        base.gradient(at: batch, of: cotangent)
      }
      func gradientInDouble(
        at batch: Tensor<Double>, of cotangent: @Sendable (Tensor<Double>) -> Tensor<Double>
      ) -> Tensor<Double>? {
        let pulled = cotangent(scoresInDouble(of: batch)).elements
        let width = base.weights[0].count
        return Tensor(
          shape: batch.shape,
          elements: (0..<batch.count).map { index in
            base.weights.indices.reduce(0) {
              $0 + pulled[index / width * classCount + $1]
                * Double(base.weights[$1][index % width])
            }
          })
      }
    }
    let window = LinearModel(inputShape: [1, 3], weights: [[1, 1, 1], [0, 0, 0]], bias: [0, 0])
    let model = try WindowedModel(Double2(base: window), recording: 5, stride: 1, axis: 1)
    let stream = Tensor<Double>(shape: [1, 1, 5], elements: [1, 2, 3, 4, 5])
    let gradient = try model.gradientInDouble(at: stream) { scores in
      Tensor(shape: scores.shape, elements: scores.elements.indices.map { $0 % 2 == 0 ? 1 : 0 })
    }
    #expect(gradient?.elements == [1, 2, 3, 2, 1] && gradient?.shape == [1, 1, 5])
  }

  @Test func goalsThatDoNotFitAreRefused() throws {
    let wrong = [
      StreamGoal(.event, windows: 2, outputs: 3), StreamGoal(.anyWindow, windows: 3, outputs: 3),
      StreamGoal(.event, windows: 2, outputs: 3, quiet: 3),
      StreamGoal(.event, windows: 2, outputs: 3, quiet: 0, tolerance: 1),
      StreamGoal(.anyWindow, windows: 2, outputs: 3, tolerance: -1),
      StreamGoal(.anyWindow, windows: Int.max, outputs: 3),
      StreamGoal(.anyWindow, windows: 0, outputs: 3),
    ]
    for goal in wrong {
      let error = #expect(throws: Diagnostic.self) {
        try Objective(.stream(goal), labels: [0], outputs: 6, references: [])
      }
      #expect(error?.code.name == "test.goal.shape")
    }
    let window = LinearModel(inputShape: [4, 2], weights: [[1]], bias: [0])
    for (length, stride, axis) in [(3, 1, 0), (8, 0, 0), (8, 1, 2), (1 << 40, 1, 0)] {
      #expect(throws: Diagnostic.self) {
        try WindowedModel(window, recording: length, stride: stride, axis: axis)
      }
    }
  }
}
