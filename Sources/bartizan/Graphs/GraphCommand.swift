import ArgumentParser
import AttackGraphs
import EngineSupport
import ThreatLanguage

/// `bartizan graph`: attack graphs of threat languages and instance models.
struct GraphCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "graph", abstract: "Generate attack graphs and ask them questions.",
    subcommands: [
      GraphGenerateCommand.self, GraphPathsCommand.self, GraphTimesCommand.self,
      GraphHardenCommand.self,
    ])
}

/// `bartizan graph generate`: the attack graph as the file that mal-toolbox saves.
struct GraphGenerateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "generate",
    abstract: "Write the attack graph of a model as mal-toolbox's JSON.",
    discussion: """
      The model is a file of mal-toolbox (.yml or .json, of today or older). Without --language it is one of the
      bundled industrial language.

      EXAMPLES
        bartizan graph generate --language coreLang.mar --model plant.yml --output graph.json
      """)

  @Option(help: ArgumentHelp("The threat language (.mal, .mar, .json).", valueName: "FILE"))
  var language: String?

  @Option(help: ArgumentHelp("The instance model.", valueName: "FILE"))
  var model: String

  @Option(name: [.short, .long], help: ArgumentHelp("File to write.", valueName: "FILE"))
  var output: String

  func run() throws {
    try Terminal.reportingFailures {
      let (_, graph) = try ModelGraph.generate(language: language, model: model, horizon: 30)
      try FileAccess.write(graph.file(), to: output)
      Terminal.say(
        "\(graph.instance.assets.count) assets, \(graph.stepCount) steps, \(graph.edgeCount) edges "
          + "in \(output)")
    }
  }
}
