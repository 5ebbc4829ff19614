import EngineSupport
import Testing

@Suite struct SeededRandomTests {
  @Test func philoxGivesThePublishedKnownAnswers() {
    let zero = SeededRandom.philox(counter: (0, 0, 0, 0), key: (0, 0))
    #expect(zero == (0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8))
    let ones = SeededRandom.philox(
      counter: (0xffff_ffff, 0xffff_ffff, 0xffff_ffff, 0xffff_ffff), key: (0xffff_ffff, 0xffff_ffff)
    )
    #expect(ones == (0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd))
    let pi = SeededRandom.philox(
      counter: (0x243f_6a88, 0x85a3_08d3, 0x1319_8a2e, 0x0370_7344), key: (0xa409_3822, 0x299f_31d0)
    )
    #expect(pi == (0xd16c_fe09, 0x94fd_cceb, 0x5001_e420, 0x2412_6ea1))
  }

  @Test func streamsDoNotDependOnWhatWasDrawnBefore() {
    var first = SeededRandom(seed: 7)
    let untouched = first.stream("case", 3)
    _ = first.next()
    var early = untouched
    var late = first.stream("case", 3)
    var other = first.stream("case", 4)
    let expected = (0..<8).map { _ in early.next() }
    #expect((0..<8).map { _ in late.next() } == expected)
    #expect((0..<8).map { _ in other.next() } != expected)
  }

  @Test func indicesStayInRangeAndCoverIt() {
    var random = SeededRandom(seed: 1)
    var seen = [Int](repeating: 0, count: 7)
    for _ in 0..<7_000 { seen[random.index(below: 7)] += 1 }
    #expect(seen.allSatisfy { (850...1_150).contains($0) })
  }
}
