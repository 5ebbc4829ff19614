import ArgumentParser
import AttackGraphs
import EngineSupport
import Foundation

/// Hands a plant's attack graph with random weights and its k shortest paths to a peer.
struct PlantPathsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "plant-paths",
    abstract: "Write a plant's graph, random weights and its k shortest simple paths as JSON.")

  @Argument(help: ArgumentHelp("coreLang's main file.", valueName: "MAIN.mal")) var path: String
  @Option(help: "Assets of the plant.") var assets = 2_439
  @Option(help: "Paths.") var count = 20
  @Option(help: "Seed of the weights and of the two ends.") var seed: UInt64 = 1

  func run() throws {
    let plant = try PlantModel(try LanguageFile.compile(path), assets: assets)
    let graph = try PlantCommand.generate(plant).andOrGraph(from: [:])
    var random = SeededRandom(seed: seed)
    let weights = graph.parents.map { _ in random.uniform() + 0.001 }
    let (source, target) = try Self.ends(graph, &random)
    let start = ContinuousClock.now
    let found = ShortestSimplePaths.search(
      graph, goal: target, from: .nodes([Int32(source)]), edgeCosts: weights, limit: count)
    let seconds = start.duration(to: .now).seconds
    let edges = (0..<graph.count).flatMap { child in
      graph.parents(of: child).map { "[\($0),\(child)]" }
    }
    let edgeWeights = weights.map { "\($0)" }
    let costs = found.paths.map { "\($0.cost)" }
    print(
      "{\"nodes\":\(graph.count),\"edges\":[\(edges.joined(separator: ","))],"
        + "\"weights\":[\(edgeWeights.joined(separator: ","))],\"source\":\(source),"
        + "\"target\":\(target),\"k\":\(count),\"costs\":[\(costs.joined(separator: ","))],"
        + "\"seconds\":\(seconds)}")
  }

  /// A step of the first site, and one of the last that can be reached from it.
  private static func ends(
    _ graph: AndOrGraph, _ random: inout SeededRandom
  ) throws -> (Int, Int) {
    for _ in 0..<1_000 {
      let source = random.index(below: graph.count / 20)
      let target = graph.count - 1 - random.index(below: graph.count / 20)
      let found = ShortestSimplePaths.search(
        graph, goal: target, from: .nodes([Int32(source)]), limit: 1)
      if let path = found.paths.first, path.nodes.count > 8 { return (source, target) }
    }
    throw ValidationError("no two ends of the plant are joined")
  }
}
