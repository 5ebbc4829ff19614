import ArgumentParser
import AttackGraphs
import EngineSupport
import Foundation
import ThreatLanguage

/// Times attack-graph generation on a coreLang plant of any size, and says what a node and an edge weigh.
struct PlantCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "plant", abstract: "Time attack-graph generation on a plant of any size.",
    discussion: """
      EXAMPLE
        bartizan-benchmarks plant coreLang/main.mal --assets 2439
      """)

  @Argument(help: ArgumentHelp("coreLang's main file.", valueName: "MAIN.mal")) var path: String
  @Option(help: "Assets of the plant.") var assets = 2_439
  @Option(help: "Runs; the median is printed.") var runs = 5

  func run() throws {
    guard runs >= 1, assets >= 1 else {
      throw ValidationError("--runs and --assets are at least 1")
    }
    let plant = try PlantModel(try LanguageFile.compile(path), assets: assets)
    let before = Memory.resident
    var seconds: [Double] = []
    var graph: AttackGraph?
    for _ in 0..<runs {
      graph = nil
      let start = ContinuousClock.now
      graph = try Self.generate(plant)
      seconds.append(start.duration(to: .now).seconds)
    }
    guard let graph else { return }
    let median = seconds.sorted()[runs / 2]
    print("assets       \(assets), \(plant.instance.links.count) links")
    print("graph        \(graph.stepCount) nodes, \(graph.edgeCount) edges")
    print("seconds      \(DecimalText.fixed(median, digits: 6)), median of \(runs)")
    print(
      "each asset   \(DecimalText.fixed(median / Double(assets) * 1e6, digits: 3)) microseconds")
    print(
      "weight       \(graph.bytes.nodes / max(1, graph.stepCount)) bytes a node, "
        + "\(graph.bytes.edges / max(1, graph.edgeCount)) bytes an edge")
    print("memory       \(before >> 20) MiB before, \(Memory.peak >> 20) MiB at the peak")
  }

  static func generate(_ plant: PlantModel) throws -> AttackGraph {
    var diagnostics = Diagnostics()
    let graph = AttackGraph(
      plant.language, over: plant.instance, measured: [], horizon: 30, reportingTo: &diagnostics)
    if let error = diagnostics.all.first(where: { $0.severity == .error }) { throw error }
    return graph
  }
}

extension Duration {
  var seconds: Double { Double(components.seconds) + Double(components.attoseconds) * 1e-18 }
}

/// What this process takes, in bytes.
enum Memory {
  static var resident: Int { field("VmRSS:") }
  static var peak: Int { field("VmHWM:") }

  private static func field(_ name: String) -> Int {
    let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
    let line = status.split(separator: "\n").first { $0.hasPrefix(name) }
    return line.flatMap { Int($0.split(whereSeparator: { !$0.isNumber }).first ?? "") }.map {
      $0 << 10
    } ?? 0
  }
}

/// A language from a `.mal` file and the ones beside it.
enum LanguageFile {
  static func compile(_ path: String) throws -> CompiledLanguage {
    let main = URL(fileURLWithPath: path)
    let folder = main.deletingLastPathComponent()
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
    let others = names.filter { $0.hasSuffix(".mal") && $0 != main.lastPathComponent }
    var diagnostics = Diagnostics()
    let language = CompiledLanguage(
      sources: try ([main.lastPathComponent] + others).map {
        InputDocument(
          name: $0, bytes: [UInt8](try Data(contentsOf: folder.appendingPathComponent($0))))
      }, reportingTo: &diagnostics)
    guard let language else {
      throw diagnostics.all.first ?? Diagnostic("mal.input.empty", "there is no language")
    }
    return language
  }
}
