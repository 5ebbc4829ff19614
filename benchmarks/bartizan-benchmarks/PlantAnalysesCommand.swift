import ArgumentParser
import AssessmentPipeline
import AttackGraphs
import EngineSupport
import Foundation
import ModelTesting
import ThreatLanguage

/// Times what is asked of a plant's graph after it is generated: switching a defence, and playing the attack.
struct PlantAnalysesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "plant-analyses",
    abstract: "Time what-if switches and Monte Carlo samples on a plant's graph.")

  @Argument(help: ArgumentHelp("coreLang's main file.", valueName: "MAIN.mal")) var path: String
  @Option(help: "Assets of the plant.") var assets = 2_439
  @Option(help: "Games played.") var samples = 10_000
  @Option(help: "Defences switched.") var switches = 200
  @Option(help: "Threads for the games.") var jobs = 2

  func run() throws {
    let plant = try PlantModel(try LanguageFile.compile(path), assets: assets)
    let start = ContinuousClock.now
    let graph = try PlantCommand.generate(plant)
    let regeneration = start.duration(to: .now).seconds
    guard let entry = graph.step(named: "Network 0:accessUninspected") else {
      throw ValidationError("the plant has no step to enter at")
    }
    print("graph        \(graph.stepCount) nodes, \(graph.edgeCount) edges")
    print("regenerated  \(DecimalText.fixed(regeneration, digits: 6)) s")
    try switching(graph, entry, regeneration)
    try playing(graph, entry)
  }

  private func switching(
    _ graph: AttackGraph, _ entry: AttackGraph.StepID, _ regeneration: Double
  ) throws {
    var reach = AttackReach(graph, from: [entry])
    let defenses = (0..<graph.stepCount).filter { graph.kind(of: $0) == .defense }
    var random = SeededRandom(seed: 1)
    var chosen: [AttackGraph.StepID] = []
    for _ in 0..<switches { chosen.append(defenses[random.index(below: defenses.count)]) }
    var changed = 0
    let start = ContinuousClock.now
    for step in chosen {
      changed += (reach.isOff(step) ? reach.switchOn(step) : reach.switchOff(step)).count
    }
    let seconds = start.duration(to: .now).seconds / Double(switches)
    var fresh = graph
    for step in Set(chosen) { fresh.assume(step, probability: reach.isOff(step) ? 0 : 1) }
    let anew = AttackReach(fresh, from: [entry])
    guard (0..<graph.stepCount).allSatisfy({ anew.isReached($0) == reach.isReached($0) }) else {
      throw ValidationError("switching and starting anew disagree")
    }
    print(
      "what-if      \(DecimalText.fixed(seconds * 1e6, digits: 2)) microseconds a switch, "
        + "\(changed) steps changed by \(switches); \(reach.reachedCount) reached, as when started anew; "
        + "\(DecimalText.fixed(regeneration / seconds, digits: 0)) times as fast as generating anew"
    )
  }

  private func playing(_ graph: AttackGraph, _ entry: AttackGraph.StepID) throws {
    let simulation = graph.compromiseSimulation(of: nil, from: [entry: .network], at: .network)
    let chunk = 100
    let start = ContinuousClock.now
    let counts = try OrderedConcurrency(width: jobs).map(
      Array(stride(from: 0, to: samples, by: chunk))
    ) { first in
      simulation.reachCounts(
        samples: first..<min(first + chunk, samples), seed: 1, within: [30])
    }
    let seconds = start.duration(to: .now).seconds
    let total = counts.reduce(0) { sum, part in sum + part.reduce(0) { $0 + Int($1) } }
    print(
      "games        \(samples) in \(DecimalText.fixed(seconds, digits: 2)) s on \(jobs) threads, "
        + "\(DecimalText.fixed(seconds / Double(samples) * 1e6 * Double(jobs), digits: 0)) microseconds of "
        + "a thread each; \(total / max(1, samples)) steps within 30 days on average")
  }
}
