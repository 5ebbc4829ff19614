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

  /// Compiles a language from whatever `main` is: a `.mar` archive, specification JSON or MAL source, told
  /// apart by their first bytes. `others` are there to be included.
  public init?(
    reading main: InputDocument, including others: [InputDocument] = [],
    reportingTo diagnostics: inout Diagnostics
  ) {
    let specification: LanguageSpecification?
    do throws(Diagnostic) {
      specification =
        if LanguageArchive.recognizes(main) {
          LanguageSpecification(
            reading: try LanguageArchive.specification(in: main), reportingTo: &diagnostics)
        } else if LanguageSpecification.recognizes(main) {
          LanguageSpecification(reading: main, reportingTo: &diagnostics)
        } else {
          LanguageSpecification(sources: [main] + others, reportingTo: &diagnostics)
        }
    } catch {
      diagnostics.report(error)
      return nil
    }
    guard let specification else { return nil }
    self.init(specification, reportingTo: &diagnostics)
  }

  /// The language specification as JSON, what mal-toolbox 2.11 compiles the same source to.
  public var specification: JSONValue { declared.json }
}

extension CompiledLanguage {
  /// The meta texts of a category, from all its declarations.
  package func categoryMeta(of category: String) -> [MetaText] {
    var meta: [MetaText] = []
    for case .category(let declared) in self.declared.declarations
    where declared.name.text == category {
      meta += declared.meta.compiled.filter { !meta.contains($0) }
    }
    return meta
  }
}
