import AdversarialTesting
import EngineSupport
import Foundation
import TensorCore
import Testing

/// What every attack in the list must keep to, whoever writes it.
@Suite struct AttackContractTests {
  static let attacks: [any AdversarialAttack] = AdversarialAttacks.all.map { $0.init() }

  /// Attacks live in the subject folders; files called `Type+Aspect` belong to another file's type.
  @Test func theListNamesEveryFileOfTheFoldersInOrder() throws {
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
      .appendingPathComponent("Sources/AdversarialTesting/Attacks")
    let files = try FileManager.default.subpathsOfDirectory(atPath: folder.path)
      .filter { $0.hasSuffix(".swift") && $0.contains("/") && !$0.contains("+") }
      .map { String($0.split(separator: "/").last?.dropLast(6) ?? "") }
    #expect(AdversarialAttacks.all.map { "\($0)" }.sorted() == files.sorted())
    let names = AdversarialAttacks.all.map { $0.name }
    #expect(Set(names).count == names.count && names == names.sorted())
  }

  /// The manual's table has a row for each attack with what it sees.
  @Test func theManualNamesEveryAttack() throws {
    let page = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
      .appendingPathComponent("Sources/bartizan/Manual.docc/Attacks.md")
    let rows = try String(contentsOf: page, encoding: .utf8).split(separator: "\n")
      .filter { $0.hasPrefix("| `") }
    for attack in AdversarialAttacks.all {
      let row = rows.first { $0.contains("`\(attack.name)`") }
      #expect(row?.contains("| \(attack.needs.rawValue) |") == true, "\(attack.name)")
      let norms =
        attack.norms == PerturbationNorm.allCases
        ? "all" : attack.norms.map(\.rawValue).joined(separator: ", ")
      #expect(row?.contains("| \(norms) |") == true, "\(attack.name): \(norms)")
    }
  }

  /// Every attack in every norm it searches in.
  struct Pair: Sendable, CustomTestStringConvertible {
    var attack: any AdversarialAttack
    var norm: PerturbationNorm
    var testDescription: String { "\(type(of: attack).name), \(norm.rawValue)" }
  }

  static let pairs = attacks.flatMap { attack in
    type(of: attack).norms.map { Pair(attack: attack, norm: $0) }
  }

  /// Budgets from small to most of the range, for samples of six elements in [0, 1].
  private static func budgets(_ norm: PerturbationNorm) -> [Double] {
    switch norm {
    case .linf: [0.05, 0.2, 0.6]
    case .l2: [0.1, 0.4, 1.2]
    case .l1: [0.1, 0.8, 2.5]
    case .l0: [1, 2, 4]
    }
  }

  @Test(arguments: pairs) func findingsStayInsideTheSet(_ pair: Pair) throws {
    for seed in UInt64(1)...2 {
      let (model, samples, labels) = Fixtures.linear(seed: seed, count: 8)
      for bit in [0, 0.05] {
        let limits = try PhysicalLimits(
          shape: [2, 3], low: [0], high: [1], leastSignificantBit: [bit],
          writable: [true, true, false, true, true, true])
        for budget in Self.budgets(pair.norm) {
          let set = try PerturbationSet(limits, norm: pair.norm, budget: budget)
          let findings = try search(
            pair.attack, model, samples, labels, set, Array(0..<8), queries: 250)
          for (row, finding) in findings.enumerated() {
            guard let candidate = finding.candidate else { continue }
            let original = samples.rows(row..<row + 1).elements
            #expect(
              set.contains(original: original, candidate: candidate), "seed \(seed), row \(row)")
            let scores = model.scores(of: Tensor(shape: [1, 2, 3], elements: candidate)).elements
            #expect(scores.max() != scores[labels[row]], "seed \(seed), row \(row)")
          }
        }
      }
    }
  }

  /// Rules of the plant bind every attack alike.
  @Test(arguments: pairs) func findingsKeepTheRules(_ pair: Pair) throws {
    let (model, samples, labels) = Fixtures.linear(seed: 41, count: 8)
    let limits = try PhysicalLimits(
      shape: [2, 3], low: [0], high: [1], leastSignificantBit: [0.01])
    let sum = (0..<6).map { PhysicalRule.Term(index: $0, coefficient: 1) }
    for row in 0..<8 {
      let original = samples.rows(row..<row + 1).elements
      let total = original.reduce(0) { $0 + Double($1) }
      let set = try PerturbationSet(
        limits, norm: pair.norm, budget: Self.budgets(pair.norm)[1],
        rules: [
          .slew(axis: 1, rise: 0.3, fall: 0.3),
          .balance(terms: sum, target: total, tolerance: 0.03), .onlyUp(elements: [0]),
        ])
      let finding = try search(pair.attack, model, samples, labels, set, [row], queries: 120)[0]
      guard let candidate = finding.candidate else { continue }
      #expect(set.contains(original: original, candidate: candidate))
      let moved = candidate.reduce(0) { $0 + Double($1) }
      #expect(abs(moved - total) <= 0.03 + 1e-4 && candidate[0] >= original[0])
    }
  }

  @Test(arguments: pairs) func seedsDecideAndBatchesDoNot(_ pair: Pair) throws {
    let (model, samples, labels) = Fixtures.linear(seed: 11, count: 10)
    let limits = try PhysicalLimits(shape: [2, 3], low: [0], high: [1])
    let set = try PerturbationSet(limits, norm: pair.norm, budget: Self.budgets(pair.norm)[1])
    let all = Array(0..<10)
    func run(_ rows: [Int]) throws -> [AttackFinding] {
      try search(pair.attack, model, samples, labels, set, rows, queries: 200)
    }
    let together = try run(all)
    #expect(together == (try run(all)))
    #expect(together == (try all.flatMap { try run([$0]) }))
    #expect(together == (try run(all.reversed())).reversed())
  }

  @Test(arguments: attacks.indices) func asksForNoMoreThanItDeclares(_ index: Int) throws {
    let attack = Self.attacks[index]
    let norm = type(of: attack).norms[0]
    let (model, samples, labels) = Fixtures.linear(seed: 5, count: 4)
    let set = try PerturbationSet(
      try PhysicalLimits(shape: [2, 3], low: [0], high: [1]), norm: norm,
      budget: Self.budgets(norm)[0])
    let batch = AttackBatch(
      samples: [0, 1, 2, 3], originals: samples, labels: labels, set: set,
      random: SeededRandom(seed: 1))
    let needs = type(of: attack).needs
    var granted = TargetOracle(model, access: needs, queriesPerSample: 120)
    _ = try attack.search(batch, asking: &granted)
    #expect(granted.spent.forward > 0 && granted.spent.forward <= 4 * 120)
    #expect(needs == .gradients || granted.spent.backward == 0)
    guard let less = TargetAccess.allCases.last(where: { $0 < needs }) else { return }
    var poor = TargetOracle(model, access: less)
    #expect(throws: TargetOracle.AccessViolation.self) {
      _ = try attack.search(batch, asking: &poor)
    }
  }

  @Test(arguments: attacks.indices) func aTinyQueryBudgetIsKept(_ index: Int) throws {
    let attack = Self.attacks[index]
    let norm = type(of: attack).norms[0]
    let (model, samples, labels) = Fixtures.linear(seed: 6, count: 3)
    let set = try PerturbationSet(
      try PhysicalLimits(shape: [2, 3], low: [0], high: [1]), norm: norm,
      budget: Self.budgets(norm)[1])
    for queries in [0, 1, 2, 5] {
      let batch = AttackBatch(
        samples: [7, 8, 9], originals: samples, labels: labels, set: set,
        random: SeededRandom(seed: 1))
      var oracle = TargetOracle(
        model, access: type(of: attack).needs, queriesPerSample: queries)
      _ = try attack.search(batch, asking: &oracle)
      for sample in 7...9 { #expect(oracle.remaining(for: sample) >= 0) }
      #expect(oracle.spent.forward <= 3 * queries)
    }
  }

  @Test(arguments: attacks.indices) func anEmptyBatchHasNoFindings(_ index: Int) throws {
    let attack = Self.attacks[index]
    let norm = type(of: attack).norms[0]
    let (model, _, _) = Fixtures.linear(seed: 5, count: 1)
    let set = try PerturbationSet(
      try PhysicalLimits(shape: [2, 3], low: [0], high: [1]), norm: norm, budget: 1)
    let batch = AttackBatch(
      samples: [], originals: Tensor(shape: [0, 2, 3], elements: []), labels: [], set: set,
      random: SeededRandom(seed: 1))
    var oracle = TargetOracle(model, access: type(of: attack).needs)
    #expect(try attack.search(batch, asking: &oracle).isEmpty)
    #expect(oracle.spent == QueryCount())
  }

  /// No attack finds anything below the closed-form distance of a linear model; the others' strength is
  /// stated in `AttackStrengthTests`. Two classes: with more, the nearest need not be the runner-up.
  @Test(arguments: pairs) func findsNothingBelowTheClosedFormOfALinearModel(_ pair: Pair) throws {
    let (model, samples, labels) = Fixtures.linear(seed: 23, count: 12, classes: 2)
    // A range wide enough never to bind: then the minimal distance is margin / dual norm of the weights.
    let limits = try PhysicalLimits(shape: [2, 3], low: [-10], high: [10])
    guard pair.norm != .l0 else { return }
    for row in 0..<12 {
      let distance = model.minimalDistance(
        of: samples.rows(row..<row + 1).elements, label: labels[row], norm: pair.norm)
      guard distance > 1e-3 else { continue }
      let below = try PerturbationSet(limits, norm: pair.norm, budget: distance * 0.999)
      let finding = try search(pair.attack, model, samples, labels, below, [row], queries: 200)[0]
      #expect(finding.candidate == nil)
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
    _ labels: [Int], _ set: PerturbationSet, _ rows: [Int], queries: Int? = nil
  ) throws -> [AttackFinding] {
    let elements = rows.flatMap { samples.rows($0..<$0 + 1).elements }
    let batch = AttackBatch(
      samples: rows,
      originals: Tensor(shape: [rows.count] + samples.shape.dropFirst(), elements: elements),
      labels: rows.map { labels[$0] }, set: set, random: SeededRandom(seed: 99))
    var oracle = TargetOracle(
      model, access: type(of: attack).needs, queriesPerSample: queries)
    return try attack.search(batch, asking: &oracle)
  }
}
