import EngineSupport
import TensorCore
import Testing

@testable import AdversarialTesting

@Suite struct LossTests {
  private static let seed: UInt64 = 77

  private func objective(
    _ goal: AttackGoal, outputs: Int, references: [Double] = []
  ) throws -> Objective {
    try Objective(goal, labels: [1], outputs: outputs, references: references)
  }

  /// Cotangents point along the numerical gradient of the value they belong to; the tenth forgives kinks.
  @Test(arguments: AttackLoss.allCases) func cotangentsFollowTheLoss(_ loss: AttackLoss) throws {
    var random = SeededRandom(seed: Self.seed)
    let inequality = OutputInequality(
      coefficients: [0.5, -1, 2, 0.3, -0.2], exceeds: 0.7)
    let goals: [AttackGoal] = [
      .misclassification, .classification, .deviation(tolerance: 0.5),
      .violation([[inequality], [OutputInequality(coefficients: [1, 0, 0, 0, 1], exceeds: 3)]]),
      .concealed(classes: 3, while: [OutputInequality(coefficients: [0, 0, 0, 1, 0], exceeds: 4)]),
    ]
    for goal in goals {
      for _ in 0..<20 {
        let scores = (0..<5).map { _ in Float(random.uniform() * 4 - 2) }
        let objective = try objective(goal, outputs: 5, references: [0, 0, 0, 0, 0])
        let target = goal == .misclassification || objective.alternativeCount > 2 ? 2 : 0
        let evaluation = LossEvaluation(loss, objective, rows: [0], targets: [target])
        expectCotangent(of: evaluation, at: scores, "\(loss), \(goal)")
      }
    }
  }

  /// The cotangent has the direction of central differences of the loss.
  private func expectCotangent(
    of evaluation: LossEvaluation, at scores: [Float], _ what: String
  ) {
    let count = scores.count
    func value(_ scores: [Float]) -> Double {
      Double(evaluation.values(of: Tensor(shape: [1, count], elements: scores))[0])
    }
    let cotangent = evaluation.cotangent(of: Tensor(shape: [1, count], elements: scores)).elements
    let numeric = (0..<count).map { index -> Double in
      var (up, down) = (scores, scores)
      up[index] += 0.002
      down[index] -= 0.002
      return (value(up) - value(down)) / 0.004
    }
    let dot = zip(cotangent, numeric).reduce(0) { $0 + Double($1.0) * $1.1 }
    let lengths = (
      cotangent.reduce(0) { $0 + Double($1 * $1) }.squareRoot(),
      numeric.reduce(0) { $0 + $1 * $1 }.squareRoot()
    )
    #expect(dot >= 0.9 * lengths.0 * lengths.1, "\(what), seed \(Self.seed), \(scores)")
  }

  /// The same for goals about windows: two of three outputs, or three of two, side by side.
  @Test(arguments: AttackLoss.allCases) func cotangentsFollowTheLossOfAStream(
    _ loss: AttackLoss
  ) throws {
    var random = SeededRandom(seed: Self.seed)
    let goals = [
      StreamGoal(.event, windows: 2, outputs: 3, quiet: 0),
      StreamGoal(.event, windows: 2, outputs: 3, quiet: 1),
      StreamGoal(.anyWindow, windows: 3, outputs: 2),
      StreamGoal(.everyWindow, windows: 3, outputs: 2),
      StreamGoal(.anyWindow, windows: 3, outputs: 2, tolerance: 0.5),
      StreamGoal(.everyWindow, windows: 2, outputs: 3, tolerance: 0.5),
    ]
    for goal in goals {
      let objective = try objective(
        .stream(goal), outputs: 6, references: Array(repeating: 0.1, count: 6))
      let target = (0..<objective.alternativeCount).first { objective.isAlternative($0, row: 0) }
      for _ in 0..<20 {
        let scores = (0..<6).map { _ in Float(random.uniform() * 4 - 2) }
        let evaluation = LossEvaluation(
          loss, objective, rows: [0], targets: [try #require(target)])
        expectCotangent(of: evaluation, at: scores, "\(loss), \(goal)")
      }
    }
  }

  @Test func ratiosIgnoreScaleAndShift() throws {
    let objective = try objective(.misclassification, outputs: 5)
    let scores: [Float] = [0.3, 2, 1.5, -1, 0.7]
    for loss in [AttackLoss.logitRatio, .targetedLogitRatio] {
      let evaluation = LossEvaluation(loss, objective, rows: [0], targets: [2])
      let plain = evaluation.values(of: Tensor(shape: [1, 5], elements: scores))[0]
      let moved = evaluation.values(
        of: Tensor(shape: [1, 5], elements: scores.map { $0 * 50 + 3 }))[0]
      #expect(abs(plain - moved) < 1e-4)
      let expected: Float = loss == .logitRatio ? -0.5 / 1.3 : -0.5 / (2 - 0.5 * (0.7 + 0.3))
      #expect(abs(plain - expected) < 1e-5)
    }
  }

  @Test func crossEntropyKeepsADirectionForAConfidentModel() throws {
    let objective = try objective(.misclassification, outputs: 3)
    let evaluation = LossEvaluation(.crossEntropy, objective, rows: [0])
    let scores = Tensor<Float>(shape: [1, 3], elements: [-500, 700, -490])
    #expect(evaluation.cotangent(of: scores).elements[1] == -1)
    #expect(evaluation.cotangent(of: scores).elements[2] > 0.99)
    #expect(evaluation.values(of: scores)[0] >= 0)
  }

  @Test func fewClassesFallBackToTheMargin() throws {
    for (loss, outputs) in [(AttackLoss.logitRatio, 2), (.targetedLogitRatio, 3)] {
      let objective = try objective(.misclassification, outputs: outputs)
      let scores = Tensor<Float>(
        shape: [1, outputs], elements: [0.2, 1, -0.4].prefix(outputs).map { $0 })
      let value = LossEvaluation(loss, objective, rows: [0], targets: [0]).values(of: scores)[0]
      #expect(value == -0.8)
    }
  }

  @Test func goalsThatDoNotFitAreRefused() {
    func isRefused(_ goal: AttackGoal, labels: [Int] = [1], outputs: Int = 3) -> Bool {
      do {
        _ = try Objective(goal, labels: labels, outputs: outputs, references: [])
        return false
      } catch { return error.code.name == "test.goal.shape" }
    }
    #expect(isRefused(.misclassification, labels: [3]))
    #expect(isRefused(.misclassification, outputs: 1))
    #expect(isRefused(.deviation(tolerance: .nan)))
    #expect(isRefused(.violation([])))
    #expect(isRefused(.violation([[OutputInequality(coefficients: [1], exceeds: 0)]])))
    #expect(isRefused(.concealed(classes: 4, while: [])))
    #expect(!isRefused(.concealed(classes: 2, while: [])))
  }
}
