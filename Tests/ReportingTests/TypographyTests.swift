import Testing

@testable import Reporting

/// Percent signs stay with their numbers in print, and nowhere else is anything changed.
@Suite struct TypographyTests {
  private func written(_ markup: Markup) -> String {
    var bytes: [UInt8] = []
    markup.write(to: &bytes)
    return String(decoding: bytes, as: UTF8.self)
  }

  @Test(arguments: [
    ("at least 39.8 % (95 % interval)", "at least 39.8\u{A0}% (95\u{A0}% interval)"),
    ("%", "%"), (" %", " %"), ("5 ", "5 "), ("a % b", "a % b"), ("5  %", "5  %"), ("5%", "5%"),
    ("5 \u{301}%", "5 \u{301}%"), ("", ""),
  ])
  func signsAreBoundToDigitsOnly(text: String, printed: String) {
    #expect(Array(Typography.unbroken(text).unicodeScalars) == Array(printed.unicodeScalars))
    #expect(written(.text(text)) == printed)
  }

  @Test func codeAndAttributesStayAsTheyAre() {
    let markup = tag("p", [attribute("id", "5 %")], Fragment.code("5 %"), "5 %")
    #expect(written(markup) == "<p id=\"5 %\"><code>5 %</code>5\u{A0}%</p>\n")
  }

  @Test func noPercentSignOfThePageCanBreakAway() throws {
    let file = try #require(HTMLReporter(layout: GridLayout()).render(Fixture().result()).first)
    let page = String(decoding: file.bytes, as: UTF8.self)
    #expect(page.contains("95\u{A0}%"))
    #expect(try page.firstMatch(of: Regex("[0-9] %")) == nil)
  }
}
