import EngineSupport
import XMLDocuments

/// Undoes how draw.io packs XML into text: base64 of raw deflate of percent-encoded UTF-8.
enum DrawIOTextDecoder {
  /// The XML bytes in `text`, and whether they were compressed; text that begins with `<` is XML already.
  ///
  /// Errors carry the place of the element that holds the text: `import.base64.malformed`,
  /// `import.deflate.malformed`, `import.deflate.too-large`, `import.percent.malformed`.
  static func xml(
    in text: String, from origin: XMLOrigin, subject: String, budget: inout ImportBudget
  ) throws(Diagnostic) -> (bytes: [UInt8], isCompressed: Bool) {
    let packed = Array(text.utf8)
    let first = packed.first { !($0 == 0x20 || (0x09...0x0D).contains($0)) }
    if first == UInt8(ascii: "<") {
      // The XML parser wants its declaration, if any, at the very beginning.
      return (Array(packed.drop { $0 == 0x20 || (0x09...0x0D).contains($0) }), false)
    }
    do {
      let deflated = try Base64.decode(packed)
      let limit = min(budget.limits.inflatedPageBytes, budget.inflated)
      let encoded = try RawInflate.decode(deflated, limit: limit)
      budget.inflated -= encoded.count
      return (try PercentEncoding.decode(encoded), true)
    } catch {
      let place = origin.carrier ?? XMLOrigin.Position(line: 1, column: 1)
      throw Diagnostic(
        error.code, error.message,
        at: SourceLocation(
          document: origin.document, line: place.line, column: place.column,
          path: "\(subject), byte \(error.offset) of the text being decoded"))
    }
  }
}
