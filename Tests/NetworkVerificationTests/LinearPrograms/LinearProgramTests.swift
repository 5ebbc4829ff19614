import EngineSupport
import Testing

@testable import NetworkVerification

/// The simplex method and its safe bounds, on programs whose least cost is known in closed form or by enumeration.
@Suite struct LinearProgramTests {
  private static let seed: UInt64 = 41

  private static func solved(_ program: LinearProgram) -> (DualSimplex, DualSimplex.Outcome) {
    var simplex = DualSimplex(program)
    let outcome = simplex.solve(limit: 10_000)
    return (simplex, outcome)
  }

  /// max Σ vᵢxᵢ with Σ wᵢxᵢ ≤ W and 0 ≤ x ≤ 1: the best ratios first, the last one in part.
  @Test(arguments: 0..<20)
  func fractionalKnapsacksAreFilledByRatio(_ index: Int) throws {
    var random = SeededRandom(seed: Self.seed).stream("knapsack", index)
    let count = 1 + index * 3
    let value = (0..<count).map { _ in 0.1 + random.uniform() }
    let weight = (0..<count).map { _ in 0.1 + random.uniform() }
    let room = weight.reduce(0, +) * random.uniform()
    var (left, best) = (room, 0.0)
    for item in (0..<count).sorted(by: { value[$0] * weight[$1] > value[$1] * weight[$0] }) {
      let share = min(1, left / weight[item])
      best += share * value[item]
      left -= share * weight[item]
    }
    var program = LinearProgram(
      cost: value.map { -$0 }, lower: Array(repeating: 0, count: count),
      upper: Array(repeating: 1, count: count))
    program.addRow(weight.enumerated().map { ($0, $1) }, from: 0, to: room)
    let (simplex, outcome) = Self.solved(program)
    #expect(outcome == .optimal)
    #expect(abs(simplex.objective + best) < 1e-9, "seed \(Self.seed)")
    #expect(simplex.safeBound() <= -best + 1e-12 && simplex.safeBound() > -best - 1e-9)
  }

  /// Assignments of five to five, whose least cost is that of some permutation.
  @Test(arguments: 0..<10)
  func assignmentsAgreeWithAllPermutations(_ index: Int) throws {
    var random = SeededRandom(seed: Self.seed).stream("assignment", index)
    let size = 5
    // Small whole numbers make many ties.
    let cost = (0..<size * size).map { _ in (random.uniform() * 6).rounded(.down) }
    func least(_ row: Int, _ taken: Set<Int>) -> Double {
      guard row < size else { return 0 }
      var best = Double.infinity
      for column in 0..<size where !taken.contains(column) {
        best = min(best, cost[row * size + column] + least(row + 1, taken.union([column])))
      }
      return best
    }
    var program = LinearProgram(
      cost: cost, lower: Array(repeating: 0, count: size * size),
      upper: Array(repeating: 1, count: size * size))
    for line in 0..<size {
      program.addRow((0..<size).map { (line * size + $0, 1) }, from: 1, to: 1)
      program.addRow((0..<size).map { ($0 * size + line, 1) }, from: 1, to: 1)
    }
    let (simplex, outcome) = Self.solved(program)
    #expect(outcome == .optimal)
    #expect(abs(simplex.objective - least(0, [])) < 1e-9, "seed \(Self.seed)")
  }

  private static func random(_ index: Int) -> LinearProgram {
    var random = SeededRandom(seed: seed).stream("program", index)
    func number() -> Double { random.uniform() * 2 - 1 }
    let (columns, rows) = (2 + index % 12, 1 + index % 17)
    var program = LinearProgram(
      cost: (0..<columns).map { _ in number() }, lower: Array(repeating: -1, count: columns),
      upper: Array(repeating: 1, count: columns))
    for _ in 0..<rows {
      let terms = (0..<columns).map { ($0, number()) }
      let middle = number()
      program.addRow(terms, from: middle - 0.3, to: middle + 0.3)
    }
    return program
  }

  /// Any multipliers give a bound, none above the cost of any feasible point.
  @Test(arguments: 0..<60)
  func safeBoundsAreNeverAboveFeasibleCosts(_ index: Int) {
    let program = Self.random(index)
    let (simplex, outcome) = Self.solved(program)
    #expect(outcome != .stopped)
    let bound = simplex.safeBound()
    guard outcome == .optimal else {
      #expect(bound == .infinity, "an infeasible program is proved to be one, seed \(Self.seed)")
      return
    }
    #expect(bound <= simplex.objective + 1e-12 && bound > simplex.objective - 1e-7)
    var random = SeededRandom(seed: Self.seed).stream("multipliers", index)
    for _ in 0..<20 {
      let multipliers = (0..<program.rows).map { _ in random.uniform() * 2 - 1 }
      #expect(program.safeBound(multipliers) <= simplex.objective + 1e-9)
      #expect(program.safeBound(multipliers, scale: 0) <= 1e-9, "seed \(Self.seed)")
    }
    // The point fits the bounds.
    let point = simplex.point
    for row in 0..<program.rows {
      let sum = (program.rowStarts[row]..<program.rowStarts[row + 1]).reduce(0.0) {
        $0 + program.factors[$1] * point[program.indices[$1]]
      }
      #expect(sum > program.lower[program.columns + row] - 1e-7)
      #expect(sum < program.upper[program.columns + row] + 1e-7)
    }
  }

  /// Other bounds, from the last basis, from an installed one and from nothing: one least cost.
  @Test(arguments: 0..<40)
  func warmStartsAgreeWithColdOnes(_ index: Int) {
    var program = Self.random(index)
    var (warm, outcome) = Self.solved(program)
    guard outcome == .optimal else { return }
    let column = index % program.columns
    warm.bound(column, from: -0.2, to: 0.1)
    warm.restore()
    program.bound(column, from: -0.2, to: 0.1)
    let again = warm.solve(limit: 10_000)
    let (cold, other) = Self.solved(program)
    #expect(again == other, "seed \(Self.seed)")
    var installed = DualSimplex(program)
    installed.install(warm.basis)
    #expect(installed.solve(limit: 10_000) == other)
    guard other == .optimal else { return }
    #expect(abs(warm.objective - cold.objective) < 1e-8)
    #expect(abs(installed.objective - cold.objective) < 1e-8)
    // Another cost, from the same basis.
    let cost = (0..<program.columns).map { Double($0 % 3) - 1 }
    warm.minimise(cost)
    program.cost = cost
    #expect(warm.solve(limit: 10_000) == .optimal)
    #expect(abs(warm.objective - Self.solved(program).0.objective) < 1e-8)
  }

  @Test func aSearchThatIsStoppedStillBoundsTheCost() {
    let program = Self.random(11)
    let (best, outcome) = Self.solved(program)
    #expect(outcome == .optimal && best.pivots > 1)
    for limit in 0..<best.pivots {
      var simplex = DualSimplex(program)
      #expect(simplex.solve(limit: limit) == .stopped)
      #expect(simplex.safeBound() <= best.objective + 1e-12)
    }
  }

  @Test func emptyProgramsHaveTheirBoundsAsCosts() {
    let program = LinearProgram(cost: [2, -3], lower: [-1, -1], upper: [4, 5])
    let (simplex, outcome) = Self.solved(program)
    #expect(outcome == .optimal && simplex.point == [-1, 5])
    #expect(simplex.objective == -17 && abs(simplex.safeBound() + 17) < 1e-12)
  }
}
