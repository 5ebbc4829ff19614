import ArgumentParser
import AssessmentPipeline
import EngineSupport
import Foundation
import ThreatLanguage

/// `bartizan instance convert`: any model that can be read, written as mal-toolbox writes it today.
struct InstanceConvertCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "convert",
    abstract: "Write an instance model of any age as mal-toolbox writes it today.",
    discussion: """
      The layout is that of mal-toolbox 2.11; the name of the output says whether it is YAML or JSON. What the file
      carries beside the model (metadata, positions, attackers, sections of other tools) is kept.

      EXAMPLES
        bartizan instance convert old.json --language coreLang.mar --output plant.yml
        bartizan instance convert plant.sCAD --language coreLang.mar --output plant.json
      """)

  @OptionGroup var arguments: InstanceArguments
  @Option(
    name: [.short, .long], help: ArgumentHelp("File to write (.yml, .json).", valueName: "FILE"))
  var output: String

  func validate() throws { _ = try format() }

  func run() throws {
    try Terminal.reportingFailures {
      let language = try LanguageInput(path: arguments.language).compiled(isAdvised: false)
      var diagnostics = Diagnostics()
      let file = try InstanceInput.read(
        arguments.model, against: language, reportingTo: &diagnostics)
      let bytes = try file.bytes(as: try format(), in: language)
      if diagnostics.hasErrors { throw BadInput(diagnostics.all) }
      Terminal.show(diagnostics.all)
      try FileAccess.write(bytes, to: output)
      Terminal.say(
        "\(file.model.assets.count) assets, \(file.model.links.count) links in \(output)")
    }
  }

  private func format() throws -> InstanceModelFile.Format {
    switch URL(fileURLWithPath: output).pathExtension.lowercased() {
    case "yml", "yaml": return .yaml
    case "json": return .json
    default: throw ValidationError("the name of --output ends in .yml, .yaml or .json")
    }
  }
}
