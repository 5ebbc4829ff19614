import AdversarialTesting
import EngineSupport
import Foundation
import TensorCore
import Testing

/// What every attack in the list must keep to, whoever writes it.
@Suite struct AttackContractTests {
  static let attacks: [any AdversarialAttack] = AdversarialAttacks.all.map { $0.init() }

  @Test func theListNamesEveryFileOfTheFolderInOrder() throws {
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
      .appendingPathComponent("Sources/AdversarialTesting/Attacks")
    let files = try FileManager.default.contentsOfDirectory(atPath: folder.path)
      .filter { $0.hasSuffix(".swift") }.map { String($0.dropLast(6)) }.sorted()
    #expect(AdversarialAttacks.all.map { "\($0)" } == files)
    let names = AdversarialAttacks.all.map { $0.name }
    #expect(Set(names).count == names.count && names == names.sorted())
  }

  @Test(arguments: attacks.indices) func findingsStayInsideTheSet(_ index: Int) throws {
    let attack = Self.attacks[index]
    for seed in UInt64(1)...4 {
      let (model, samples, labels) = Fixtures.linear(seed: seed, count: 24)
      for bit in [0, 0.05] {
        let limits = try PhysicalLimits(
          shape: [2, 3], low: [0], high: [1], leastSignificantBit: [bit],
          writable: [true, true, false, true, true, true])
        for budget in [0.05, 0.2, 0.6] {
          let set = try PerturbationSet(limits, budget: budget)
          let findings = try search(attack, model, samples, labels, set, Array(0..<24))
          for (row, finding) in findings.enumerated() {
            guard let candidate = finding.candidate else { continue }
            let original = samples.rows(row..<row + 1).elements
            #expect(
              set.contains(original: original, candidate: candidate), "seed \(seed), row \(row)")
            let scores = model.scores(of: Tensor(shape: [1, 2, 3], elements: candidate)).elements
            #expect(scores.max() != scores[labels[row]])
          }
        }
      }
    }
  }

  @Test(arguments: attacks.indices) func seedsDecideAndBatchesDoNot(_ index: Int) throws {
    let attack = Self.attacks[index]
    let (model, samples, labels) = Fixtures.linear(seed: 11, count: 20)
    let limits = try PhysicalLimits(shape: [2, 3], low: [0], high: [1])
    let set = try PerturbationSet(limits, budget: 0.15)
    let all = Array(0..<20)
    let together = try search(attack, model, samples, labels, set, all)
    #expect(together == (try search(attack, model, samples, labels, set, all)))
    let alone = try all.flatMap { try search(attack, model, samples, labels, set, [$0]) }
    #expect(together == alone)
    let reversed = try search(attack, model, samples, labels, set, all.reversed())
    #expect(together == reversed.reversed())
  }

  @Test(arguments: attacks.indices) func asksForNoMoreThanItDeclares(_ index: Int) throws {
    let attack = Self.attacks[index]
    let (model, samples, labels) = Fixtures.linear(seed: 5, count: 4)
    let set = try PerturbationSet(
      try PhysicalLimits(shape: [2, 3], low: [0], high: [1]), budget: 0.1)
    let batch = AttackBatch(
      samples: [0, 1, 2, 3], originals: samples, labels: labels, set: set,
      random: SeededRandom(seed: 1))
    var poor = TargetOracle(model, access: .scores)
    if type(of: attack).needs == .scores {
      _ = try attack.search(batch, asking: &poor)
      #expect(poor.spent.forward > 0 && poor.spent.backward == 0)
    } else {
      #expect(throws: TargetOracle.AccessViolation.self) {
        _ = try attack.search(batch, asking: &poor)
      }
    }
  }

  /// No attack finds anything below the closed-form distance of a linear model; those that see gradients
  /// find it just above. Two classes: with more, the nearest class need not be the runner-up.
  @Test(arguments: attacks.indices) func meetsTheClosedFormOfALinearModel(_ index: Int) throws {
    let attack = Self.attacks[index]
    let (model, samples, labels) = Fixtures.linear(seed: 23, count: 30, classes: 2)
    // A range wide enough never to bind: then the minimal distance is margin / L1 norm of the weights.
    let limits = try PhysicalLimits(shape: [2, 3], low: [-10], high: [10])
    for row in 0..<30 {
      let distance = model.minimalDistance(
        of: samples.rows(row..<row + 1).elements, label: labels[row])
      guard distance > 1e-3 else { continue }
      let below = try PerturbationSet(limits, budget: distance * 0.999)
      #expect(try search(attack, model, samples, labels, below, [row])[0].candidate == nil)
      let above = try PerturbationSet(limits, budget: distance * 1.01)
      let found = try search(attack, model, samples, labels, above, [row])[0].candidate
      if type(of: attack).needs == .gradients { #expect(found != nil, "row \(row)") }
    }
  }

  @Test func oneStepOnTheMarginIsExactForTwoClasses() throws {
    let model = LinearModel(inputShape: [2], weights: [[1, -2], [-1, 1]], bias: [0.1, 0])
    let sample = Tensor<Float>(shape: [1, 2], elements: [0.9, 0.2])
    let distance = model.minimalDistance(of: sample.elements, label: 0)
    #expect(abs(distance - 1.3 / 5) < 1e-6)
    let limits = try PhysicalLimits(shape: [2], low: [-5], high: [5])
    for (factor, isFound) in [(0.999, false), (1.001, true)] {
      let set = try PerturbationSet(limits, budget: distance * factor)
      let attack = FastGradientSign(loss: .margin)
      #expect((try search(attack, model, sample, [0], set, [0])[0].candidate != nil) == isFound)
    }
  }

  private func search(
    _ attack: any AdversarialAttack, _ model: any TargetModel, _ samples: Tensor<Float>,
    _ labels: [Int], _ set: PerturbationSet, _ rows: [Int]
  ) throws -> [AttackFinding] {
    let elements = rows.flatMap { samples.rows($0..<$0 + 1).elements }
    let batch = AttackBatch(
      samples: rows,
      originals: Tensor(shape: [rows.count] + samples.shape.dropFirst(), elements: elements),
      labels: rows.map { labels[$0] }, set: set, random: SeededRandom(seed: 99))
    var oracle = TargetOracle(model, access: type(of: attack).needs)
    return try attack.search(batch, asking: &oracle)
  }
}
