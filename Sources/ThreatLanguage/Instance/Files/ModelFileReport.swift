import EngineSupport
import YAMLDocuments

/// What reading one model file has found wrong or doubtful, with places, up to a limit.
///
/// Messages, places and hints are worked out only for what is shown: a file may be wrong a million times.
struct ModelFileReport {
  enum Notation {
    /// libyaml counts columns in Unicode scalars and knows more line ends than editors do.
    case yaml
    /// The engine's own readers of JSON and XML count bytes.
    case bytes
  }

  private let document: InputDocument
  private let notation: Notation
  /// The member of an archive that places are in.
  private let member: String?
  private(set) var diagnostics: [Diagnostic] = []
  private var counts: [Diagnostic.Severity: Int] = [:]

  init(_ document: InputDocument, notation: Notation, member: String? = nil) {
    self.document = document
    self.notation = notation
    self.member = member
  }

  var hasErrors: Bool { counts[.error] != nil }

  mutating func error(
    _ code: Diagnostic.Code, _ message: @autoclosure () -> String,
    at place: @autoclosure () -> ModelFileNode.Place,
    hint: @autoclosure () -> String? = nil
  ) {
    add(.error, code, message, place, hint)
  }

  mutating func warning(
    _ code: Diagnostic.Code, _ message: @autoclosure () -> String,
    at place: @autoclosure () -> ModelFileNode.Place,
    hint: @autoclosure () -> String? = nil
  ) {
    add(.warning, code, message, place, hint)
  }

  mutating func note(_ code: Diagnostic.Code, _ message: String, at place: ModelFileNode.Place) {
    add(.note, code, { message }, { place }, { nil })
  }

  /// An error where the data below a node could not be kept.
  mutating func failure(_ failure: ModelFileNode.Failure) {
    error("model.file.value", failure.message, at: failure.place)
  }

  /// Whether an error came after this report was `earlier`.
  func hasErrors(beyond earlier: ModelFileReport) -> Bool {
    counts[.error, default: 0] > earlier.counts[.error, default: 0]
  }

  /// Makes warnings of the errors that came after this report was `earlier`.
  mutating func demoteErrors(beyond earlier: ModelFileReport) {
    let more = counts[.error, default: 0] - earlier.counts[.error, default: 0]
    counts[.error] = earlier.counts[.error]
    counts[.warning, default: 0] += more
    for place in earlier.diagnostics.count..<diagnostics.count
    where diagnostics[place].severity == .error {
      diagnostics[place].severity = .warning
    }
  }

  /// Says what was left out.
  mutating func finish() {
    for (severity, word) in [(Diagnostic.Severity.error, "errors"), (.warning, "warnings")] {
      let more = counts[severity, default: 0] - ModelFileLimits.diagnostics
      guard more > 0 else { continue }
      diagnostics.append(
        Diagnostic(
          severity, "model.file.too-many", "\(more) more \(word) of this file are not shown",
          at: SourceLocation(document: document.name, path: member)))
    }
  }

  private mutating func add(
    _ severity: Diagnostic.Severity, _ code: Diagnostic.Code, _ message: () -> String,
    _ place: () -> ModelFileNode.Place, _ hint: () -> String?
  ) {
    counts[severity, default: 0] += 1
    guard counts[severity, default: 0] <= ModelFileLimits.diagnostics else { return }
    diagnostics.append(
      Diagnostic(severity, code, message(), at: location(place()), hint: hint()))
  }

  /// With the column in bytes. Linear in the document: for a bounded number of diagnostics only.
  func location(_ place: ModelFileNode.Place) -> SourceLocation {
    var location = SourceLocation(
      document: document.name, line: Int(place.line), column: Int(place.column),
      path: member)
    if notation == .yaml {
      location.column = YAMLColumn.inBytes(
        of: document.bytes, line: Int(place.line), column: Int(place.column))
    }
    return location
  }
}
