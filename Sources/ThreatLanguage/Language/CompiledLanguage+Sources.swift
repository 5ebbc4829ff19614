public import EngineSupport

extension CompiledLanguage {
  /// Compiles MAL source: the first document is the main one, the others are there to be included.
  ///
  /// Reports every error found, each once, as `mal.…` diagnostics with line, column and bytes; gives
  /// `nil` when there is one. Names are looked up only when all documents could be read.
  ///
  /// Source: the Meta Attack Language, mal-lang.org; where its documents leave room, as mal-toolbox 2.11.
  public init?(sources: [InputDocument], reportingTo diagnostics: inout Diagnostics) {
    var reading = Diagnostics()
    let declarations = MALSources.declarations(of: sources, reportingTo: &reading)
    diagnostics.report(contentsOf: reading.all)
    guard !reading.hasErrors, let main = sources.first,
      let language = LanguageAnalyser.language(
        from: declarations, main: main, reportingTo: &diagnostics)
    else { return nil }
    self = language
  }
}
