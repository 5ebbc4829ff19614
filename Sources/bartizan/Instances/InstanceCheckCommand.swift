import ArgumentParser
import AssessmentPipeline
import EngineSupport
import ThreatLanguage

/// `bartizan instance check`: whether a model fits its language.
struct InstanceCheckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check", abstract: "Check an instance model against its threat language.",
    discussion: """
      Asset types, associations, multiplicities, defences and attackers are looked at; every error and warning has a
      place. What mal-toolbox only warns of is a warning here too.

      EXAMPLES
        bartizan instance check plant.yml --language coreLang.mar
      """)

  @OptionGroup var arguments: InstanceArguments

  func run() throws {
    try Terminal.reportingFailures {
      let language = try LanguageInput(path: arguments.language).compiled(isAdvised: false)
      var diagnostics = Diagnostics()
      let file = try InstanceInput.read(
        arguments.model, against: language, reportingTo: &diagnostics)
      file.model.check(against: language, reportingTo: &diagnostics)
      if diagnostics.hasErrors { throw BadInput(diagnostics.all) }
      Terminal.show(diagnostics.all)
      Terminal.say(
        "\(arguments.model): \(file.model.assets.count) assets, \(file.model.links.count) links, "
          + "\(file.attackers?.count ?? 0) attackers, \(diagnostics.all.count) warnings")
    }
  }
}
