import EngineSupport

/// Drawing samples.
extension CompromiseSimulation {
  /// Times of the goals (or of all nodes) in `samples`. Ranges that follow one another give, appended, the
  /// bytes of the whole range; so several threads may share the work.
  package func run(samples: Range<Int>, seed: UInt64) -> CompromiseSamples {
    var days = [Double](repeating: .infinity, count: samples.count * slotCount)
    let random = Self.stream(seed)
    var search = CompromiseSearch(self)
    for (index, sample) in samples.enumerated() {
      search.run(random.row(sample), into: &days, at: index * slotCount)
    }
    return CompromiseSamples(slotCount: slotCount, days: days)
  }

  /// In how many of `samples` each goal (or node) is compromised within each of `horizons`, one goal after
  /// the other, without keeping the samples. Counts of disjoint ranges add up.
  package func reachCounts(
    samples: Range<Int>, seed: UInt64, within horizons: [Double]
  ) -> [Int32] {
    var counts = [Int32](repeating: 0, count: slotCount * horizons.count)
    var days = [Double](repeating: .infinity, count: slotCount)
    let random = Self.stream(seed)
    var search = CompromiseSearch(self)
    for sample in samples {
      for slot in days.indices { days[slot] = .infinity }
      search.run(random.row(sample), into: &days, at: 0)
      for slot in days.indices where days[slot] < .infinity {
        for (index, horizon) in horizons.enumerated() where days[slot] <= horizon {
          counts[slot * horizons.count + index] += 1
        }
      }
    }
    return counts
  }

  private static func stream(_ seed: UInt64) -> SeededRandom {
    SeededRandom(seed: seed).stream("time to compromise", 0)
  }
}
