import AdversarialTesting
import EngineSupport
import Foundation
import Testing

@Suite struct PhysicalRuleTests {
  private func set(
    _ rules: [PhysicalRule], shape: [Int] = [4], budget: Double = 0.5,
    norm: PerturbationNorm = .linf, bit: Double = 0
  ) throws -> PerturbationSet {
    try PerturbationSet(
      PhysicalLimits(shape: shape, low: [0], high: [1], leastSignificantBit: [bit]), norm: norm,
      budget: budget, rules: rules)
  }

  @Test func slewBindsEachChannelInTime() throws {
    let rule = PhysicalRule.slew(axis: 0, rise: 0.2, fall: 0.1)
    let set = try set([rule], shape: [3, 2])
    let clean: [Float] = [0.5, 0.2, 0.5, 0.2, 0.5, 0.2]
    #expect(set.contains(original: clean, candidate: [0.5, 0.2, 0.7, 0.2, 0.7, 0.2]))
    #expect(!set.contains(original: clean, candidate: [0.5, 0.2, 0.71, 0.2, 0.7, 0.2]))
    #expect(!set.contains(original: clean, candidate: [0.5, 0.2, 0.7, 0.2, 0.55, 0.2]))
    // Neighbouring channels are not neighbours in time.
    #expect(set.contains(original: clean, candidate: [0.9, 0.2, 0.9, 0.2, 0.9, 0.2]))
  }

  @Test func aCleanSampleMayKeepItsOwnExcess() throws {
    let set = try set([.slew(axis: 0, rise: 0.1, fall: 0.1)])
    let clean: [Float] = [0.1, 0.6, 0.6, 0.6]
    #expect(set.contains(original: clean, candidate: clean))
    #expect(set.contains(original: clean, candidate: [0.15, 0.6, 0.6, 0.6]))
    #expect(!set.contains(original: clean, candidate: [0.05, 0.6, 0.6, 0.6]))
  }

  @Test func aTotaliserNeverFalls() throws {
    let set = try set([.monotone(axis: 0)])
    let clean: [Float] = [0.1, 0.2, 0.3, 0.4]
    #expect(set.contains(original: clean, candidate: [0.1, 0.3, 0.3, 0.9]))
    #expect(!set.contains(original: clean, candidate: [0.3, 0.2, 0.3, 0.4]))
  }

  @Test func balancesHoldToTheirTolerance() throws {
    let terms = [
      PhysicalRule.Term(index: 0, coefficient: 1), PhysicalRule.Term(index: 1, coefficient: 1),
      PhysicalRule.Term(index: 2, coefficient: -1),
    ]
    let set = try set([.balance(terms: terms, target: 0, tolerance: 0.02)])
    let clean: [Float] = [0.2, 0.3, 0.5, 0.5]
    #expect(set.contains(original: clean, candidate: [0.3, 0.3, 0.6, 0.1]))
    #expect(set.contains(original: clean, candidate: [0.21, 0.3, 0.5, 0.5]))
    #expect(!set.contains(original: clean, candidate: [0.25, 0.3, 0.5, 0.5]))
  }

  @Test func bandwidthLetsOnlySlowChangesPass() throws {
    let set = try set([.bandwidth(axis: 0, cutoff: 0.5, tolerance: 0.01)], shape: [8])
    let clean = [Float](repeating: 0.5, count: 8)
    #expect(set.contains(original: clean, candidate: [Float](repeating: 0.6, count: 8)))
    let fast: [Float] = [0.6, 0.4, 0.6, 0.4, 0.6, 0.4, 0.6, 0.4]
    #expect(!set.contains(original: clean, candidate: fast))
    // A fast clean signal is no matter: the rule is about the change.
    #expect(set.contains(original: fast, candidate: fast.map { $0 + 0.05 }))
  }

  @Test func jitterWidensTheBallByTheSignalsOwnSlope() throws {
    let limits = try PhysicalLimits(shape: [4], low: [0], high: [1])
    let set = try PerturbationSet(
      limits, norm: .linf, budget: 0.01, rules: [.samplingJitter(axis: 0, periods: 0.5)])
    let clean: [Float] = [0.1, 0.1, 0.5, 0.5]
    #expect(set.contains(original: clean, candidate: [0.1, 0.3, 0.5, 0.5]))
    #expect(set.contains(original: clean, candidate: [0.1, 0.309, 0.5, 0.5]))
    #expect(!set.contains(original: clean, candidate: [0.1, 0.32, 0.5, 0.5]))
    #expect(!set.contains(original: clean, candidate: [0.2, 0.1, 0.5, 0.5]))
    #expect(abs(set.distance(clean, [0.1, 0.305, 0.5, 0.5]) - 0.005) < 1e-6)
  }

  @Test func oneHotGroupsChangeAsAWhole() throws {
    let set = try set([.oneHot(elements: [1, 2, 3])], budget: 0.05)
    let clean: [Float] = [0.5, 1, 0, 0]
    #expect(set.contains(original: clean, candidate: [0.52, 0, 1, 0]))
    #expect(!set.contains(original: clean, candidate: [0.5, 1, 1, 0]))
    #expect(!set.contains(original: clean, candidate: [0.5, 0.97, 0, 0]))
    #expect(!set.contains(original: clean, candidate: [0.5, 0, 0, 0]))
  }

  @Test func directionsBind() throws {
    let set = try set([.onlyUp(elements: [0]), .onlyDown(elements: [1])])
    let clean: [Float] = [0.5, 0.5, 0.5, 0.5]
    #expect(set.contains(original: clean, candidate: [0.6, 0.4, 0.9, 0.1]))
    #expect(!set.contains(original: clean, candidate: [0.4, 0.5, 0.5, 0.5]))
    #expect(!set.contains(original: clean, candidate: [0.5, 0.6, 0.5, 0.5]))
  }

  @Test func sharesScaleTheBudgetOfEachElement() throws {
    let limits = try PhysicalLimits(shape: [3], low: [0], high: [1])
    let set = try PerturbationSet(limits, norm: .linf, budget: 2, shares: [0.01, 0.1, 0.2])
    let clean: [Float] = [0.5, 0.5, 0.5]
    #expect(set.contains(original: clean, candidate: [0.52, 0.7, 0.9]))
    #expect(!set.contains(original: clean, candidate: [0.53, 0.5, 0.5]))
    #expect(abs(set.distance(clean, [0.51, 0.5, 0.5]) - 1) < 1e-4)
  }

  @Test func badRulesAreRefusedByName() {
    func code(_ rules: [PhysicalRule], norm: PerturbationNorm = .linf) -> String? {
      do { _ = try set(rules, norm: norm) } catch { return (error as? Diagnostic)?.code.name }
      return nil
    }
    #expect(code([.slew(axis: 1, rise: 1, fall: 1)]) == "test.rule.axis")
    #expect(code([.slew(axis: 0, rise: -1, fall: 1)]) == "test.rule.value")
    #expect(code([.slew(axis: 0, rise: .nan, fall: 1)]) == "test.rule.value")
    #expect(code([.bandwidth(axis: 0, cutoff: 0, tolerance: 1)]) == "test.rule.value")
    #expect(code([.oneHot(elements: [0])]) == "test.rule.value")
    #expect(code([.oneHot(elements: [0, 1]), .oneHot(elements: [1, 2])]) == "test.rule.value")
    #expect(code([.oneHot(elements: [0, 9])]) == "test.rule.element")
    #expect(code([.onlyUp(elements: [-1])]) == "test.rule.element")
    #expect(code([.samplingJitter(axis: 0, periods: 1)], norm: .l2) == "test.rule.value")
    #expect(
      code([
        .balance(
          terms: [PhysicalRule.Term(index: 0, coefficient: .infinity)], target: 0, tolerance: 0)
      ]) == "test.rule.value")
  }

  @Test func aStoredPlanReadsBackAndIsCheckedAgain() throws {
    let set = try set(
      [.slew(axis: 0, rise: 0.1, fall: 0.2), .oneHot(elements: [2, 3])], norm: .l2, bit: 0.01)
    let bytes = try JSONEncoder().encode(set)
    #expect(try JSONDecoder().decode(PerturbationSet.self, from: bytes) == set)
    let unlimited = try set.withBudget(.infinity)
    let stored = try JSONEncoder().encode(unlimited)
    #expect(try JSONDecoder().decode(PerturbationSet.self, from: stored) == unlimited)
    let spoilt = String(decoding: bytes, as: UTF8.self).replacingOccurrences(
      of: "\"axis\":0", with: "\"axis\":7")
    #expect(throws: (any Error).self) {
      _ = try JSONDecoder().decode(PerturbationSet.self, from: Data(spoilt.utf8))
    }
  }
}
