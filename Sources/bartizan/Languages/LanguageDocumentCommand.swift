import ArgumentParser
import Reporting
import ThreatLanguage

/// `bartizan language document`: a threat language as a page for people.
struct LanguageDocumentCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "document",
    abstract: "Write an HTML page of a threat language: assets, associations, steps, references.",
    discussion: """
      The page is one file that needs no network and prints well; every name links to its definition.

      EXAMPLES
        bartizan language document plant.mal --output plant.html
      """)

  @Argument(help: ArgumentHelp("The language (.mal, .mar, .json).", valueName: "FILE"))
  var path: String?

  @Option(name: [.short, .long], help: ArgumentHelp("File to write.", valueName: "FILE"))
  var output: String

  func run() throws {
    try Terminal.reportingFailures {
      let language = try LanguageInput(path: path).compiled()
      try FileAccess.write(LanguageReporter.page(of: language), to: output)
      Terminal.say("\(language.name) \(language.version) in \(output)")
    }
  }
}
