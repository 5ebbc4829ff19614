public import EngineSupport

/// The input cannot be assessed: at least one of the diagnostics is an error.
public struct BadInput: Error, Sendable {
  public var diagnostics: [Diagnostic]

  /// A diagnostic that was reported and then thrown stands once.
  public init(_ diagnostics: [Diagnostic]) {
    var seen: Set<Diagnostic> = []
    self.diagnostics = diagnostics.filter { seen.insert($0).inserted }
  }

  init(_ diagnostic: Diagnostic) { self.init([diagnostic]) }
}

extension Diagnostics {
  /// Ends the stage if anything reported so far is an error.
  func throwIfErrors() throws(BadInput) {
    if hasErrors { throw BadInput(all) }
  }
}
