public import EngineSupport

extension CompiledLanguage {
  /// Compiles MAL source: the first document is the main one, the others are there to be included.
  ///
  /// Reports every error found, each once, as `mal.…` diagnostics with line, column and bytes; gives
  /// `nil` when there is one. Names are looked up only when all documents could be read.
  ///
  /// Source: the Meta Attack Language, mal-lang.org; where its documents leave room, as mal-toolbox 2.11.
  public init?(sources: [InputDocument], reportingTo diagnostics: inout Diagnostics) {
    guard
      let specification = LanguageSpecification(sources: sources, reportingTo: &diagnostics)
    else { return nil }
    self.init(specification, reportingTo: &diagnostics)
  }

  /// Checks and compiles what a specification declares; places are those of its source.
  public init?(
    _ specification: LanguageSpecification, reportingTo diagnostics: inout Diagnostics
  ) {
    guard
      let language = LanguageAnalyser.language(from: specification, reportingTo: &diagnostics)
    else { return nil }
    self = language
  }

  /// The language specification as JSON, what mal-toolbox 2.11 compiles the same source to.
  public var specification: JSONValue { declared.json }
}
