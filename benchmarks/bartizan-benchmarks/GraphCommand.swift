import ArgumentParser
import AttackGraphs
import DiagramImport
import EngineSupport
import Foundation
import ThreatKnowledge
import ThreatLanguage

/// Writes a sample's instance model and attack graph, so that a peer can generate the graph from the same
/// model and compare node by node and edge by edge.
struct GraphCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "graph", abstract: "Write a sample's instance model and attack graph as JSON.")

  @Argument(help: "The sample's folder under samples.")
  var sample = SampleArchitecture.timed

  func run() throws {
    var diagnostics = Diagnostics()
    let diagram = try DiagramImporters.importDiagram(
      try SampleArchitecture.drawing(of: sample), reportingTo: &diagnostics)
    let architecture = try SampleArchitecture(diagram, of: sample)
    let graph = architecture.graph()
    let json: JSONValue = .object([
      (
        "assets",
        .array(
          graph.instance.assets.map {
            .object([("name", .string($0.name)), ("type", .string($0.type))])
          })
      ),
      ("links", .array(graph.instance.links.map { Self.link($0, in: architecture.language) })),
      (
        "steps",
        .array(
          graph.steps.indices.map {
            .object([
              ("name", .string(graph.name(of: $0))),
              ("kind", .string(graph.steps[$0].type.kind.rawValue)),
            ])
          })
      ),
      (
        "edges",
        .array(
          graph.steps.indices.flatMap { child in
            graph.parents(of: child).map {
              .strings([graph.name(of: Int($0)), graph.name(of: child)])
            }
          })
      ),
    ])
    FileHandle.standardOutput.write(Data(CanonicalJSON.bytes(of: json)))
  }

  private static func link(
    _ link: InstanceModel.Link, in language: CompiledLanguage
  ) -> JSONValue {
    let field = language.associations.first { $0.name == link.association }?.right.field
    return .object([
      ("left", .integer(link.left)), ("right", .integer(link.right)),
      ("rightField", field.map { .string($0) }),
    ])
  }
}
