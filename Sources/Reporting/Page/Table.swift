/// A table with a caption, scoped headings, and the first column as the heading of its row.
struct Table {
  struct Column {
    var title: String
    var isNumber: Bool

    init(_ title: String, isNumber: Bool = false) {
      self.title = title
      self.isNumber = isNumber
    }
  }

  var caption: String
  var columns: [Column]
  /// Each as long as `columns`.
  var rows: [[Markup]]
  /// Said instead of an empty table.
  var whenEmpty = "None."
  /// Class of the table in the style sheet.
  var style: String

  init(
    _ caption: String, _ columns: [Column], rows: [[Markup]], whenEmpty: String = "None.",
    style: StaticString = "plain"
  ) {
    self.style = style.description
    self.caption = caption
    self.columns = columns
    self.rows = rows
    self.whenEmpty = whenEmpty
  }

  func render() -> Markup {
    guard !rows.isEmpty else {
      return tag(
        "p", class: "empty", tag("strong", [], .text(caption + ": ")), .text(whenEmpty))
    }
    let heads = columns.map { column in
      tag(
        "th", [attribute("scope", "col")] + (column.isNumber ? [Self.number] : []),
        .text(column.title))
    }
    return tag(
      "div", [attribute("class", rows.count > Self.shortAtMost ? "scroll" : "scroll short")],
      tag(
        "table", [attribute("class", style)],
        tag("caption", [], .text(caption)), tag("thead", [], tag("tr", [], heads)),
        tag("tbody", [], rows.map { tag("tr", [], cells($0)) })))
  }

  /// Rows of a table that stays on one sheet of paper.
  private static let shortAtMost = 8
  private static let number = attribute("class", "n")
  private static let long = attribute("class", "long")

  private func cells(_ row: [Markup]) -> [Markup] {
    row.enumerated().map { index, cell in
      let isNumber = columns.indices.contains(index) && columns[index].isNumber
      let style = isNumber ? [Self.number] : cell.longestWord > 30 ? [Self.long] : []
      return index == 0
        ? tag("th", [attribute("scope", "row")] + style, cell) : tag("td", style, cell)
    }
  }
}

extension Markup {
  /// Scalars in the longest run of text without white space: whether a cell may have to break inside a word.
  fileprivate var longestWord: Int {
    switch self {
    case .text(let text):
      text.split(whereSeparator: \.isWhitespace).map(\.unicodeScalars.count).max() ?? 0
    case .element(_, _, let members), .group(let members): members.map(\.longestWord).max() ?? 0
    case .style: 0
    }
  }
}
