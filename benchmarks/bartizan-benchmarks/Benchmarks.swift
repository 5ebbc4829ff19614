import ArgumentParser
import AssessmentPipeline
import EngineSupport
import Foundation

/// `bartizan-benchmarks`: times the stages on the bundled sample, and hands model outputs and the attack graph to peers.
@main
struct Benchmarks: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bartizan-benchmarks",
    abstract:
      "Time the engine's stages on the sample product, or hand model outputs and the attack graph to a peer.",
    subcommands: [
      TimeCommand.self, OutputsCommand.self, AttackCommand.self, GraphCommand.self,
      PlantCommand.self,
      PlantPathsCommand.self, PlantAnalysesCommand.self, PlantModelCommand.self,
      PlantTimesCommand.self, ProductCommand.self, TreesCommand.self, BoundsCommand.self,
      ForwardCommand.self, GradientCommand.self,
    ])
}

/// The repository's files, found from where the program was compiled.
enum Repository {
  static let root = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  static func document(_ path: String, named name: String? = nil) throws -> InputDocument {
    let url =
      path.hasPrefix("/") ? URL(fileURLWithPath: path) : root.appendingPathComponent(path)
    return InputDocument(name: name ?? path, bytes: [UInt8](try Data(contentsOf: url)))
  }
}
