/// One lexical unit of MAL source, with its place; text is read from the document only when needed.
package struct MALToken: Sendable, Hashable {
  package enum Kind: String, Sendable, Hashable {
    /// Letters, digits and `_`: a keyword, name or whole number.
    case word
    /// Digits with a decimal point between.
    case decimal
    case string
    case leftBrace = "{"
    case rightBrace = "}"
    case leftBracket = "["
    case rightBracket = "]"
    case leftParenthesis = "("
    case rightParenthesis = ")"
    case comma = ","
    case colon = ":"
    case dot = "."
    case range = ".."
    case hash = "#"
    case at = "@"
    case bar = "|"
    case ampersand = "&"
    case bang = "!"
    case notExist = "!E"
    case plus = "+"
    case minus = "-"
    case star = "*"
    case slash = "/"
    case caret = "^"
    case equals = "="
    case union = "\\/"
    case intersection = "/\\"
    case leadsTo = "->"
    case leadsAlsoTo = "+>"
    case requires = "<-"
    case associationLeft = "<--"
    case associationRight = "-->"
    case greater = ">"
    case tilde = "~"
    /// A whole line comment that begins with `//!`: a detector where one may stand.
    case legacyDetector
    case end
  }

  package var kind: Kind
  /// Bytes of the document; a string's include its quotes.
  package var range: Range<Int>
  package var line: Int
  package var column: Int
  package var isFirstOnLine: Bool
}
