package import EngineSupport

/// Where an XML text comes from: the file itself, or text decoded from one element of the file.
///
/// Line numbers of decoded text mean nothing to a person who opens the file, so a place in decoded text
/// is the line of the element that carries it, and the decoded line goes into the path.
package struct XMLOrigin: Sendable, Hashable {
  package var document: String
  /// The carrying element's line and column, when the text was decoded.
  package var carrier: Position?

  package struct Position: Sendable, Hashable {
    package var line: Int
    package var column: Int

    package init(line: Int, column: Int) {
      self.line = line
      self.column = column
    }
  }

  package init(document: String, carrier: Position? = nil) {
    self.document = document
    self.carrier = carrier
  }

  package var isDecoded: Bool { carrier != nil }

  /// The location of a place in this text; `subject` is the format's own address, such as a page and cell.
  package func location(line: Int, column: Int?, subject: String? = nil) -> SourceLocation {
    guard let carrier else {
      return SourceLocation(document: document, line: line, column: column, path: subject)
    }
    let decoded = "decoded line \(line)"
    return SourceLocation(
      document: document, line: carrier.line, column: carrier.column,
      path: subject.map { "\($0), \(decoded)" } ?? decoded)
  }
}
