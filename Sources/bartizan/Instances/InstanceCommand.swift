import ArgumentParser

/// `bartizan instance`: models made in a threat language.
struct InstanceCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "instance", abstract: "Check and convert instance models of mal-toolbox.",
    subcommands: [InstanceCheckCommand.self, InstanceConvertCommand.self])
}

/// Which model, in which language.
struct InstanceArguments: ParsableArguments {
  @Argument(
    help: ArgumentHelp("The instance model (.yml, .json, .sCAD).", valueName: "MODEL"))
  var model: String

  @Option(
    help: ArgumentHelp(
      "The threat language (.mal, .mar, .json); the bundled one if none.", valueName: "FILE"))
  var language: String?
}
