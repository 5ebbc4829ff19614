import EngineSupport
import Testing

/// Numbers as text: rounding half away from zero, no idle zeros for people, no loss for documents.
@Suite struct DecimalTextTests {
  @Test(arguments: [(0.125, 2, "0.13"), (-0.125, 2, "-0.13"), (-0.001, 2, "0.00"), (2.5, 0, "3")])
  func fixedRoundsHalfAwayFromZero(value: Double, digits: Int, text: String) {
    #expect(DecimalText.fixed(value, digits: digits) == text)
  }

  @Test(arguments: [(1.0, "1"), (0.25, "0.25"), (100, "100"), (0, "0"), (-1.5, "-1.5")])
  func quantitiesHaveNoIdleZeros(value: Double, text: String) {
    #expect(DecimalText.quantity(value) == text)
  }

  @Test func exactTextReadsBackAsTheSameNumber() {
    for value: Double in [0.1, 1.0 / 3, .leastNonzeroMagnitude, .greatestFiniteMagnitude, -0.0] {
      #expect(Double(DecimalText.exact(value))?.bitPattern == value.bitPattern)
    }
  }

  @Test func percentIsOfTheWhole() {
    #expect(DecimalText.percent(0.3983) == "39.8 %")
  }
}
