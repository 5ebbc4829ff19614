import TensorCore
import Testing

@Suite struct ClopperPearsonTests {
  @Test(arguments: [
    (0, 100, 0.0, 0.0362), (5, 100, 0.0164, 0.1128), (25, 500, 0.0326, 0.0729),
    (50, 1_000, 0.0373, 0.0654),
  ])
  func agreesWithTheProtocolsExamples(_ example: (Int, Int, Double, Double)) {
    let interval = ClopperPearson(successes: example.0, trials: example.1)
    #expect(abs(interval.lower - example.2) < 5e-5)
    #expect(abs(interval.upper - example.3) < 5e-5)
  }

  @Test func agreesWithSciPy() {
    #expect(ClopperPearsonTable.rows.count == 200)
    #expect(ClopperPearsonTable.rows.contains { $0.trials == 100_000 })
    for row in ClopperPearsonTable.rows {
      let interval = ClopperPearson(successes: row.successes, trials: row.trials)
      #expect(
        abs(interval.lower - row.lower) < 1e-12 && abs(interval.upper - row.upper) < 1e-12,
        "\(row.successes)/\(row.trials): \(interval) against [\(row.lower), \(row.upper)]")
    }
  }

  @Test func theEdgesAreClosed() {
    #expect(ClopperPearson(successes: 0, trials: 40).lower == 0)
    #expect(ClopperPearson(successes: 40, trials: 40).upper == 1)
    let nothing = ClopperPearson(successes: 0, trials: 0)
    #expect(nothing.lower == 0 && nothing.upper == 1)
    // The zero-failure plan: 59 trials without failure show a rate below 5 % with 95 %, one-sided.
    #expect(abs(ClopperPearson(successes: 0, trials: 59, confidence: 0.9).upper - 0.05) < 1e-3)
  }

  @Test func isSymmetricAndHoldsTheRate() {
    for trials in [1, 2, 7, 64, 500] {
      for successes in 0...trials {
        let interval = ClopperPearson(successes: successes, trials: trials)
        let mirror = ClopperPearson(successes: trials - successes, trials: trials)
        let rate = Double(successes) / Double(trials)
        #expect(interval.lower <= rate && rate <= interval.upper)
        #expect(abs(interval.lower - (1 - mirror.upper)) < 1e-15)
      }
    }
  }
}
