import ArgumentParser
import AttackGraphs
import EngineSupport
import Foundation
import ThreatLanguage

/// Hands a plant's times to compromise to a peer: expected values of all steps, and what one sample takes.
struct PlantTimesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "plant-times",
    abstract: "Write the expected times of a plant's steps and the seconds of a sample as JSON.")

  @Argument(help: ArgumentHelp("coreLang's main file.", valueName: "MAIN.mal")) var path: String
  @Option(help: "Assets of the plant.") var assets = 309
  @Option(help: "Games timed, on one thread.") var samples = 20_000

  func run() throws {
    let plant = try PlantModel(try LanguageFile.compile(path), assets: assets)
    let graph = try PlantCommand.generate(plant)
    guard samples >= 1, let entry = graph.step(named: "Network 0:accessUninspected") else {
      throw ValidationError("the plant has no step to enter at")
    }
    let entries = [entry: Fronts.network]
    let mode = ExpectedValueMode(bernoullis: .favourAttacker, arithmetic: .malSimulator)
    let expected = graph.compromiseSimulation(
      of: nil, from: entries, at: .network, expecting: mode
    ).run(samples: 0..<1, seed: 1).days
    let simulation = graph.compromiseSimulation(of: nil, from: entries, at: .network)
    let start = ContinuousClock.now
    let counts = simulation.reachCounts(samples: 0..<samples, seed: 1, within: [30])
    let seconds = start.duration(to: .now).seconds / Double(samples)
    guard counts.contains(where: { $0 > 0 }) else {
      throw ValidationError("no step of the plant was ever reached")
    }
    let rows = expected.indices.filter { expected[$0] < .infinity }.map { step in
      (graph.name(of: step), JSONValue.string(DecimalText.exact(expected[step])))
    }
    let answer = JSONValue.object([
      ("seconds", .string(DecimalText.exact(seconds))), ("expected", .object(rows)),
    ])
    FileHandle.standardOutput.write(Data(CanonicalJSON.indented(answer)))
  }
}
