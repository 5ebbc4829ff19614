import AttackGraphs
import EngineSupport
import Testing
import ThreatLanguage

@Suite("Simulated times to compromise: the search")
struct CompromiseSimulationTests {
  @Test(arguments: 0..<60)
  func timesAreThoseOfTheSlowWay(seed: Int) throws {
    var random = SeededRandom(seed: UInt64(seed))
    for _ in 0..<10 {
      let fixture = try CompromiseFixture.random(&random, nodes: 2 + random.index(below: 24))
      let fronts: [Fronts] = [.network, .sensor, .both, []]
      let front = fronts[random.index(below: 4)]
      let all = fixture.simulation(from: front).run(samples: 0..<12, seed: UInt64(seed))
      let goals = fixture.steps.indices.filter { _ in random.index(below: 3) == 0 }
      let some = fixture.simulation(from: front, goals: goals)
        .run(samples: 0..<12, seed: UInt64(seed))
      for sample in 0..<12 {
        let slow = fixture.slowTimes(sample: sample, seed: UInt64(seed), fronts: front)
        let start = sample * slow.count
        #expect(Array(all.days[start..<start + slow.count]) == slow, "seed \(seed)")
        let goalStart = sample * goals.count
        #expect(
          Array(some.days[goalStart..<goalStart + goals.count]) == goals.map { slow[$0] },
          "seed \(seed)")
      }
    }
  }

  @Test func anySplitGivesTheSameBytes() throws {
    var random = SeededRandom(seed: 77)
    let fixture = try CompromiseFixture.random(&random, nodes: 60)
    let simulation = fixture.simulation(from: .both)
    let whole = simulation.run(samples: 5..<205, seed: 9)
    #expect(whole.count == 200)
    #expect(whole.days.contains { $0 > 0 && $0 < .infinity })
    for cuts in [[5, 205], [5, 6, 205], [5, 100, 101, 204, 205], Array(5...205)] {
      var parts = simulation.run(samples: cuts[0]..<cuts[1], seed: 9)
      for index in 1..<cuts.count - 1 {
        parts.append(simulation.run(samples: cuts[index]..<cuts[index + 1], seed: 9))
      }
      #expect(parts.days.map(\.bitPattern) == whole.days.map(\.bitPattern))
    }
    #expect(simulation.run(samples: 5..<205, seed: 10) != whole)
  }

  @Test func threadsGiveTheSameBytes() async throws {
    var random = SeededRandom(seed: 78)
    let fixture = try CompromiseFixture.random(&random, nodes: 60)
    let simulation = fixture.simulation(from: .both)
    let parts = await withTaskGroup(of: (Int, CompromiseSamples).self) { group in
      for part in 0..<4 {
        group.addTask {
          (part, simulation.run(samples: part * 50..<(part + 1) * 50, seed: 3))
        }
      }
      var parts: [(Int, CompromiseSamples)] = []
      for await part in group { parts.append(part) }
      return parts.sorted { $0.0 < $1.0 }.map(\.1)
    }
    var joined = parts[0]
    for part in parts.dropFirst() { joined.append(part) }
    #expect(joined == simulation.run(samples: 0..<200, seed: 3))
  }

  @Test func countsAreThoseOfTheSamples() throws {
    var random = SeededRandom(seed: 12)
    let fixture = try CompromiseFixture.random(&random, nodes: 40)
    let simulation = fixture.simulation(from: .both)
    let horizons = [0, 1, 5, Double.infinity]
    let first = simulation.reachCounts(samples: 0..<70, seed: 2, within: horizons)
    let rest = simulation.reachCounts(samples: 70..<200, seed: 2, within: horizons)
    let samples = simulation.run(samples: 0..<200, seed: 2)
    for node in 0..<40 {
      let times = samples.times(ofSlot: node)
      for (index, horizon) in horizons.enumerated() {
        let place = node * horizons.count + index
        #expect(Int(first[place] + rest[place]) == times.countReached(within: horizon))
      }
    }
  }

  @Test func whatIsDecidedBeforehandIsLeftOut() throws {
    let slow = TTCExpression.distribution("Exponential", [1])
    let fixture = try CompromiseFixture([
      .init(kind: .or, fronts: .network),  // 0: the way in
      .init(kind: .or, parents: [0]),  // 1: at once
      .init(kind: .or, time: slow, parents: [1]),  // 2: takes its time
      .init(kind: .given, presence: 1),  // 3: a defence that is there
      .init(kind: .and, parents: [2, 3]),  // 4: never
      .init(kind: .or, time: slow, parents: [2]),  // 5: not needed for 2
      .init(kind: .or, time: .distribution("Infinity", []), parents: [2]),  // 6: never
    ])
    #expect(fixture.simulation().activeNodeCount == 2)
    #expect(fixture.simulation(goals: [2]).activeNodeCount == 1)
    #expect(fixture.simulation(goals: [0, 1, 4]).activeNodeCount == 0)
    let times = fixture.simulation(goals: [1, 4]).run(samples: 0..<3, seed: 1)
    #expect(times.days == [0, .infinity, 0, .infinity, 0, .infinity])
  }

  @Test func nothingSupportsItself() throws {
    let fixture = try CompromiseFixture([
      .init(kind: .or, parents: [1]), .init(kind: .or, parents: [0]),
      .init(kind: .and, parents: [3, 2]), .init(kind: .or, fronts: .network),
      .init(kind: .or), .init(kind: .and),
    ])
    let times = fixture.simulation().run(samples: 0..<1, seed: 1)
    #expect(times.days == [.infinity, .infinity, .infinity, 0, .infinity, .infinity])
    #expect(fixture.simulation(from: []).run(samples: 0..<1, seed: 1).days.allSatisfy { $0 > 0 })
  }
}
