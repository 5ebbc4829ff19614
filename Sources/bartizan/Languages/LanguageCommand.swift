import ArgumentParser

/// `bartizan language`: what can be done with a threat language alone.
struct LanguageCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "language",
    abstract: "Check, compile or document a threat language (MAL).",
    discussion: """
      FILE is MAL source (.mal; what it includes is read beside it), an archive (.mar) or a language
      specification (.json). Without FILE it is the bundled industrial language.

      EXAMPLES
        bartizan language check plant.mal
        bartizan language compile plant.mal --output plant.mar
        bartizan language document --output industrial.html
      """,
    subcommands: [
      LanguageCheckCommand.self, LanguageCompileCommand.self, LanguageDocumentCommand.self,
    ])
}
