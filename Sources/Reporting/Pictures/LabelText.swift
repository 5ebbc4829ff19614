/// Estimates and breaks label text without asking any font, so that boxes have the same size everywhere.
///
/// Widths are those of common sans-serif fonts with a tenth added; a reader's font may differ a little.
enum LabelText {
  /// Scalars of a label that a picture looks at: a label can be a megabyte.
  private static let scalarsAtMost = 600

  /// The estimated width in points.
  static func width(of text: some StringProtocol, size: Double) -> Double {
    text.unicodeScalars.reduce(0) { $0 + emWidth(of: $1) } * size
  }

  /// At most `lines` lines no wider than `width`; what does not fit ends in an ellipsis.
  static func wrapped(
    _ text: String, size: Double, width: Double, lines most: Int
  ) -> [String] {
    var shortened = String.UnicodeScalarView()
    shortened.append(contentsOf: text.unicodeScalars.prefix(scalarsAtMost))
    let words = String(shortened).split(whereSeparator: \.isWhitespace)
    var lines: [String] = []
    var line = ""
    for word in words {
      let longer = line.isEmpty ? String(word) : line + " " + word
      if Self.width(of: longer, size: size) <= width {
        line = longer
        continue
      }
      if !line.isEmpty { lines.append(line) }
      line = String(word)
      while Self.width(of: line, size: size) > width, lines.count <= most {
        let head = fitting(line, size: size, width: width)
        lines.append(head)
        line.removeFirst(head.count)
      }
      if lines.count > most { break }
    }
    if !line.isEmpty { lines.append(line) }
    let isCut = lines.count > most || text.unicodeScalars.count > scalarsAtMost
    lines = Array(lines.prefix(most))
    if isCut, let last = lines.popLast() {
      lines.append(fitting(last, size: size, width: width - size) + "…")
    }
    return lines
  }

  /// The longest beginning that fits, at least one character.
  private static func fitting(_ text: String, size: Double, width: Double) -> String {
    var used = 0.0
    var count = 0
    for character in text {
      used += Self.width(of: String(character), size: size)
      if used > width, count > 0 { break }
      count += 1
    }
    return String(text.prefix(count))
  }

  private static func emWidth(of scalar: Unicode.Scalar) -> Double {
    switch scalar {
    case "i", "j", "l", "I", ".", ",", ":", ";", "|", "!", "'", " ": 0.31
    case "f", "t", "r", "(", ")", "[", "]", "/", "-": 0.38
    case "m", "w", "M", "W", "@", "%", "→", "…": 0.98
    case "A"..."Z": 0.76
    case "\u{0300}"..."\u{036F}", "\u{200D}", "\u{FE00}"..."\u{FE0F}": 0
    case "\u{1100}"...: 1.1
    default: 0.61
    }
  }
}
