import ArgumentParser
import ThreatLanguage

/// `bartizan language check`: says what is wrong or doubtful in a threat language.
struct LanguageCheckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "Check a threat language: errors and warnings with their places.",
    discussion: """
      Errors end with exit code 2; warnings (an unused variable, a step that nothing leads to and that is not
      tagged @entry, a step that can never be reached) do not.

      EXAMPLES
        bartizan language check plant.mal
        bartizan language check org.example.plant-1.0.0.mar
      """)

  @Argument(help: ArgumentHelp("The language (.mal, .mar, .json).", valueName: "FILE"))
  var path: String?

  func run() throws {
    try Terminal.reportingFailures {
      let language = try LanguageInput(path: path).compiled()
      let steps = language.assetTypes.map { type in
        type.steps.count { $0.declaredIn == type.name }
      }
      Terminal.say(
        "\(language.name) \(language.version): \(language.assetTypes.count) assets, "
          + "\(steps.reduce(0, +)) steps, \(language.associations.count) associations; no errors")
    }
  }
}
