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

  @Test(arguments: [
    (63.700_000_8, "63.7"), (0.900_024_4, "0.9"), (-41.400_002, "-41.4"), (0.004_000_1, "0.004"),
    (12_345.6, "12346"), (0, "0"), (2.820_999, "2.821"), (1e-9, "0"), (100, "100"),
  ])
  func figuresThatSayNothingAreLeftOut(_ value: Double, _ text: String) {
    #expect(DecimalText.quantity(value, figures: 4) == text)
  }
}
