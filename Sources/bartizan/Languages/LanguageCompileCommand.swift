import ArgumentParser
import ThreatLanguage

/// `bartizan language compile`: a threat language as specification JSON or as an archive.
struct LanguageCompileCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "compile",
    abstract: "Compile a threat language to its specification (.json) or an archive (.mar).",
    discussion: """
      The JSON is what mal-toolbox 2.11 compiles the same language to. The same language gives the same bytes.

      EXAMPLES
        bartizan language compile plant.mal --output plant.json
        bartizan language compile plant.mal --output plant.mar
      """)

  @Argument(help: ArgumentHelp("The language (.mal, .mar, .json).", valueName: "FILE"))
  var path: String?

  @Option(
    name: [.short, .long],
    help: ArgumentHelp("File to write; its ending, .json or .mar, says as what.", valueName: "FILE")
  )
  var output: String

  func validate() throws {
    guard output.hasSuffix(".json") || output.hasSuffix(".mar") else {
      throw ValidationError("--output must end in .json or .mar")
    }
  }

  func run() throws {
    try Terminal.reportingFailures {
      let language = try LanguageInput(path: path).compiled()
      let bytes: [UInt8]
      if output.hasSuffix(".json") {
        bytes = SpecificationText.bytes(of: language.specification) + [UInt8(ascii: "\n")]
      } else {
        guard let archive = LanguageArchive.bytes(of: language) else {
          throw WorldFailure(description: "there is no memory for the archive")
        }
        bytes = archive
      }
      try FileAccess.write(bytes, to: output)
      Terminal.say("\(language.name) \(language.version) in \(output)")
    }
  }
}
