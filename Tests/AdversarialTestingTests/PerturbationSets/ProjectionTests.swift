import EngineSupport
import TensorCore
import Testing

@testable import AdversarialTesting

/// Projections against their definition: a member of the set, and no member found nearer.
@Suite struct ProjectionTests {
  private static let seed: UInt64 = 20_261_121

  @Test(arguments: PerturbationNorm.allCases) func noRandomMemberIsNearer(
    _ norm: PerturbationNorm
  ) throws {
    var random = SeededRandom(seed: Self.seed)
    for trial in 0..<40 {
      let width = 1 + random.index(below: 5)
      let limits = try PhysicalLimits(shape: [width], low: [0], high: [1])
      let radius = norm == .l0 ? Double(1 + random.index(below: width)) : 0.05 + random.uniform()
      let set = try PerturbationSet(limits, norm: norm, budget: radius)
      let original = (0..<width).map { _ in Float(random.uniform()) }
      let region = PerturbationRegion(set, around: original)
      let point = (0..<width).map { _ in Float(random.uniform() * 4 - 1.5) }
      var projected = point
      region.project(&projected, at: 0, row: 0)
      #expect(
        set.contains(original: original, candidate: projected), "seed \(Self.seed), \(trial)")
      let nearest = PerturbationNorm.l2.distance(point, from: 0, projected, from: 0, count: width)
      for _ in 0..<300 {
        var other = (0..<width).map { _ in Float(random.uniform() * 2 - 0.5) }
        // Members near the projection are the hard rivals; far ones come from shrinking random points.
        if random.next() & 1 == 0 {
          for index in 0..<width { other[index] = projected[index] + (other[index] - 0.5) * 0.02 }
        }
        if norm == .l0 {
          for index in 0..<width where random.next() & 1 == 0 { other[index] = original[index] }
        }
        guard set.contains(original: original, candidate: other) else { continue }
        let distance = PerturbationNorm.l2.distance(point, from: 0, other, from: 0, count: width)
        #expect(distance >= nearest - 1e-4, "seed \(Self.seed), \(trial)")
      }
      var again = projected
      region.project(&again, at: 0, row: 0)
      #expect(zip(again, projected).allSatisfy { abs($0 - $1) < 1e-5 })
    }
  }

  /// Slabs of channels that nobody writes are left out of an L-infinity projection, and nothing else changes.
  @Test func slabsOfFixedChannelsAreLeftOut() throws {
    var random = SeededRandom(seed: Self.seed + 3)
    let limits = try PhysicalLimits(
      shape: [8, 2], low: [0], high: [1], writable: (0..<16).map { $0 % 2 == 1 })
    let slew = PhysicalRule.slew(axis: 0, rise: 0.1, fall: 0.1)
    let own = PhysicalRule.slew(axis: 0, rise: 0.1, fall: 0.1, channels: [1])
    for trial in 0..<30 {
      let original = (0..<16).map { _ in Float(random.uniform()) }
      let point = (0..<16).map { index in
        index % 2 == 1 ? Float(random.uniform()) : original[index]
      }
      let results = try [slew, own].map { rule -> [Float] in
        let set = try PerturbationSet(limits, norm: .linf, budget: 0.3, rules: [rule])
        let region = PerturbationRegion(set, around: original)
        #expect(region.slabs.count == 7)
        var moved = point
        region.project(&moved, at: 0, row: 0)
        #expect(
          set.contains(original: original, candidate: moved), "seed \(Self.seed), \(trial)")
        return moved
      }
      #expect(results[0] == results[1], "seed \(Self.seed), \(trial)")
    }
  }

  @Test func tablesHoldTheSlabsBitForBit() throws {
    var random = SeededRandom(seed: Self.seed + 4)
    let limits = try PhysicalLimits(shape: [6], low: [0], high: [1])
    let rules = try CompiledRules(
      [
        .slew(axis: 0, rise: 0.2, fall: 0.3),
        .bandwidth(axis: 0, cutoff: 0.5, tolerance: 0.1, channels: nil),
      ], limits: limits)
    for _ in 0..<20 {
      let buffer = (0..<9).map { _ in Float(random.gaussian()) }
      for (number, slab) in rules.slabs.enumerated() {
        #expect(rules.table.value(number, buffer.span, from: 3) == slab.value(buffer, from: 3))
      }
    }
  }

  @Test(arguments: [PerturbationNorm.linf, .l2, .l1]) func rulesAreKeptAndNothingIsNearer(
    _ norm: PerturbationNorm
  ) throws {
    var random = SeededRandom(seed: Self.seed + 1)
    var moved = 0
    for trial in 0..<25 {
      let limits = try PhysicalLimits(shape: [6], low: [0], high: [1])
      let original = smooth(6, &random)
      let total = original.reduce(0) { $0 + Double($1) }
      let set = try PerturbationSet(
        limits, norm: norm, budget: norm == .linf ? 0.2 : 0.4,
        rules: [
          .slew(axis: 0, rise: 0.25, fall: 0.25),
          .balance(
            terms: (0..<6).map { PhysicalRule.Term(index: $0, coefficient: 1) }, target: total,
            tolerance: 0.05),
        ])
      let region = PerturbationRegion(set, around: original)
      let point = original.map { $0 + Float(random.uniform() - 0.5) }
      var projected = point
      region.project(&projected, at: 0, row: 0)
      #expect(
        set.contains(original: original, candidate: projected), "seed \(Self.seed), \(trial)")
      if projected != original { moved += 1 }
      let nearest = PerturbationNorm.l2.distance(point, from: 0, projected, from: 0, count: 6)
      for _ in 0..<400 {
        let other = projected.map { $0 + Float((random.uniform() - 0.5) * 0.05) }
        guard set.contains(original: original, candidate: other) else { continue }
        let distance = PerturbationNorm.l2.distance(point, from: 0, other, from: 0, count: 6)
        #expect(distance >= nearest - 3e-3, "seed \(Self.seed), \(trial)")
      }
    }
    #expect(moved >= 24)
  }

  @Test func roundingStaysInEveryBall() throws {
    var random = SeededRandom(seed: Self.seed + 2)
    for trial in 0..<200 {
      let norm = PerturbationNorm.allCases[trial % 4]
      let bit = [0.1, 0.03, 1 / 256.0][trial % 3]
      let limits = try PhysicalLimits(
        shape: [5], low: [-1], high: [2], leastSignificantBit: [bit])
      let set = try PerturbationSet(
        limits, norm: norm, budget: norm == .l0 ? 2 : 0.1 + 0.5 * random.uniform())
      let original = (0..<5).map { _ in Float(random.uniform() * 3 - 1) }
      let region = PerturbationRegion(set, around: original)
      var point = original.map { $0 + Float(random.uniform() * 2 - 1) }
      region.project(&point, at: 0, row: 0)
      region.realise(&point, rows: [0])
      #expect(set.contains(original: original, candidate: point), "seed \(Self.seed), \(trial)")
    }
  }

  @Test func roundingRepairsSlewAndBalance() throws {
    var random = SeededRandom(seed: Self.seed + 3)
    var members = 0
    for _ in 0..<100 {
      let limits = try PhysicalLimits(
        shape: [8], low: [0], high: [1], leastSignificantBit: [1.0 / 128])
      let original = smooth(8, &random).map { ($0 * 128).rounded() / 128 }
      let total = original.reduce(0) { $0 + Double($1) }
      let set = try PerturbationSet(
        limits, norm: .linf, budget: 0.1,
        rules: [
          .slew(axis: 0, rise: 0.2, fall: 0.2),
          .balance(
            terms: (0..<8).map { PhysicalRule.Term(index: $0, coefficient: 1) }, target: total,
            tolerance: 0.01),
        ])
      let region = PerturbationRegion(set, around: original)
      var point = original.map { $0 + Float(random.uniform() * 0.4 - 0.2) }
      region.project(&point, at: 0, row: 0)
      region.realise(&point, rows: [0])
      if point != original, set.contains(original: original, candidate: point) { members += 1 }
    }
    #expect(members >= 90, "\(members) of 100 rounded readings keep the rules")
  }

  @Test(arguments: [PerturbationNorm.linf, .l2, .l1]) func theStepOntoAPlaneIsTheShortest(
    _ norm: PerturbationNorm
  ) throws {
    var random = SeededRandom(seed: Self.seed + 4)
    for trial in 0..<60 {
      let width = 2 + random.index(below: 4)
      let weights = (0..<width).map { _ in Float(random.uniform() * 2 - 1) }
      let point = (0..<width).map { _ in Float(random.uniform()) }
      let low = [Float](repeating: 0, count: width)
      let high = [Float](repeating: 1, count: width)
      let reachable = zip(weights, point).reduce(0.0) {
        $0 + Double($1.0 > 0 ? $1.0 * (1 - $1.1) : -$1.0 * $1.1)
      }
      let goal = reachable * random.uniform()
      var change = [Float](repeating: 0, count: width)
      var plane = HyperplaneStep(
        count: width, norm: norm, shares: Array(repeating: 1, count: width))
      plane.solve(
        weights: weights, from: 0, distance: goal, point: point, at: 0, low: low, high: high,
        row: 0, into: &change)
      let covered = zip(weights, change).reduce(0.0) { $0 + Double($1.0) * Double($1.1) }
      #expect(abs(covered - goal) < 1e-5 * max(1, goal), "seed \(Self.seed), \(trial)")
      let zero = [Float](repeating: 0, count: width)
      let length = norm.distance(change, from: 0, zero, from: 0, count: width)
      for _ in 0..<200 {
        let rival = (0..<width).map { index in
          Float((random.uniform() * 2 - 1)) * 0.1 + change[index]
        }
        let inBox = zip(point, rival).allSatisfy { $0 + $1 >= 0 && $0 + $1 <= 1 }
        let gain = zip(weights, rival).reduce(0.0) { $0 + Double($1.0) * Double($1.1) }
        guard inBox, gain >= goal else { continue }
        let other = norm.distance(rival, from: 0, zero, from: 0, count: width)
        #expect(other >= length - 1e-5, "seed \(Self.seed), \(trial)")
      }
    }
  }

  /// A random walk with steps well inside the slew limit.
  private func smooth(_ count: Int, _ random: inout SeededRandom) -> [Float] {
    var value = 0.3 + 0.4 * random.uniform()
    return (0..<count).map { _ in
      value = min(max(value + (random.uniform() - 0.5) * 0.2, 0.1), 0.9)
      return Float(value)
    }
  }
}
