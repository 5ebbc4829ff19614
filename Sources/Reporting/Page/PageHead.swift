/// The head of every page we write: a title, the one style sheet, and a policy under which nothing is loaded.
enum PageHead {
  static func render(title: String, style: String) -> Markup {
    func meta(_ name: StaticString, _ content: String) -> Markup {
      tag("meta", [attribute("name", name.description), attribute("content", content)])
    }
    return tag(
      "head", [],
      [
        tag("meta", [attribute("charset", "utf-8")]),
        tag(
          "meta",
          [
            attribute("http-equiv", "Content-Security-Policy"),
            attribute("content", "default-src 'none'; style-src 'unsafe-inline'; img-src data:"),
          ]),
        meta("viewport", "width=device-width, initial-scale=1"), meta("referrer", "no-referrer"),
        tag("title", [], .text(title)), .style(style),
      ])
  }

  /// Rows of the block under the title; `isCode` for what is compared digit by digit.
  static func titleBlock(_ rows: [(term: String, text: String, isCode: Bool)]) -> Markup {
    .element(
      "dl", [attribute("class", "title-block")],
      rows.map { row in
        tag(
          "div", [], tag("dt", [], .text(row.term)),
          tag("dd", [], row.isCode ? Fragment.code(row.text) : .text(row.text)))
      })
  }
}
