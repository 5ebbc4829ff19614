import ArchitectureModel
import AssessmentPipeline
import AttackGraphs
import EngineSupport
import Foundation
import ModelTesting
import Provenance
import Testing
import ThreatKnowledge
import ThreatLanguage

/// A bundled sample with every file that its product file names, as bytes in memory.
struct SampleFolder {
  var product: InputDocument
  var documents: [String: InputDocument]

  init(_ name: String) throws {
    let folder = SampleProduct.root.appendingPathComponent("samples/\(name)")
    func document(_ path: String) throws -> InputDocument {
      let bytes = try Data(contentsOf: folder.appendingPathComponent(path))
      return InputDocument(name: path, bytes: [UInt8](bytes))
    }
    product = try document("bartizan.yaml")
    documents = try Self.file(of: product).documents { try document($0.path) }
  }

  private static func file(of product: InputDocument) throws -> ProductFile {
    var diagnostics = Diagnostics()
    let file = try ProductFile(reading: product, reportingTo: &diagnostics)
    if diagnostics.hasErrors { throw BadInput(diagnostics.all) }
    return file
  }

  private func assessment(jobs: Int) throws -> Assessment {
    try Assessment(
      of: Self.file(of: product), from: product, documents: documents,
      options: AssessmentOptions(jobs: jobs, seed: 1, profile: .quick, sampleLimit: 1))
  }

  func assess(jobs: Int = 2) throws -> AssessmentResult { try assessment(jobs: jobs).run() }

  func graph() throws -> ProductGraph { try assessment(jobs: 1).productGraph(measured: []) }
}

/// Which front reaches a consequence of a sample, and why a person who knows such plants would say so.
struct ExpectedReach: Sendable {
  var consequence: String
  var byNetwork: Bool
  var bySensor: Bool

  init(_ consequence: String, network: Bool, sensor: Bool, because reason: String) {
    self.consequence = consequence
    byNetwork = network
    bySensor = sensor
    precondition(!reason.isEmpty, "an expectation has a reason")
  }

  static func check(_ expected: [ExpectedReach], against result: AssessmentResult) {
    #expect(expected.map(\.consequence) == result.product.consequences.map(\.id))
    for (expected, reach) in zip(expected, result.reachability) {
      #expect(reach.byNetworkAlone == expected.byNetwork, "\(expected.consequence) by network")
      #expect(reach.bySensorAlone == expected.bySensor, "\(expected.consequence) by sensor")
      #expect(reach.byBoth == (expected.byNetwork || expected.bySensor), "\(expected.consequence)")
    }
  }
}

extension AssessmentResult {
  /// The asset type of each line by its name, `from → to`.
  var typesOfFlows: [String: String] {
    var types: [String: String] = [:]
    for (index, flow) in architecture.flows.enumerated() {
      if let asset = bound.assetOfFlow[index] { types[flow.name] = bound.model.assets[asset].type }
    }
    return types
  }

  var findingIDs: Set<String> { Set(findings.map(\.id)) }
}

extension ProductGraph {
  /// Whether a step named `asset:step` follows from others, wherever the product's attackers stand.
  func leads(from start: String, to goal: String) throws -> Bool {
    let start = try #require(graph.step(named: start), "\(start)")
    let goal = try #require(graph.step(named: goal), "\(goal)")
    return graph.reachability(of: goal, from: [start: .network]).fromNetwork
  }
}
