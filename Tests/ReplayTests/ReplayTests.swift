import Testing

/// Documented attacks in small architectures: the engine finds the way from the entry to the harm, and the techniques on it.
@Suite struct ReplayTests {
  /// In the order of the page.
  static let all: [Replay] = campaigns + caseStudies

  @Test(arguments: all)
  func findsTheDocumentedAttack(_ replay: Replay) throws {
    let outcome = try ReplayOutcome(of: replay)
    #expect(outcome.impactsReached == replay.impacts, "every documented impact is reached")
    #expect(outcome.impactsUnaided.isEmpty, "none without the documented entry")
    #expect(try #require(outcome.bestPathLength) >= 2)
    #expect(
      outcome.recall >= 0.9, "\(outcome.missing) are not found, of \(replay.expected.count)")
  }

  /// Who draws the switches draws the same plant: as much is found.
  @Test(arguments: all)
  func findsItWhereSwitchesAreDrawnToo(_ replay: Replay) throws {
    let outcome = try ReplayOutcome(
      of: replay, in: ArchitectureSketch(replay.architecture).switched().graph())
    #expect(outcome.impactsReached == replay.impacts)
    #expect(outcome.impactsUnaided.isEmpty)
    #expect(
      outcome.recall >= 0.9, "\(outcome.missing) are not found, of \(replay.expected.count)")
  }

  @Test(arguments: all)
  func absencesConcernDocumentedTechniques(_ replay: Replay) {
    for absence in replay.absences {
      #expect(!absence.reason.isEmpty)
      for technique in absence.techniques { #expect(replay.documented.contains(technique)) }
    }
    #expect(!replay.expected.isEmpty)
  }
}
