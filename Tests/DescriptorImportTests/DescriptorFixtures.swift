import DescriptorImport
import EngineSupport
import Foundation

/// A complete ML-BOM written for these tests, and the corpus if it is beside the checkout.
enum DescriptorFixtures {
  static let modelDigest = String(repeating: "a1", count: 32)
  static let dataDigest = String(repeating: "B2", count: 32)

  static let complete = """
    {
      "bomFormat": "CycloneDX",
      "specVersion": "1.6",
      "serialNumber": "urn:uuid:3e671687-395b-41f5-a30f-a58921a69b79",
      "version": 1,
      "metadata": {
        "timestamp": "2026-05-04T10:00:00Z",
        "component": { "type": "device", "name": "flow meter", "bom-ref": "device" }
      },
      "components": [
        {
          "type": "machine-learning-model", "bom-ref": "model", "name": "leak-net", "version": "2.1",
          "group": "plant", "supplier": { "name": "Example Works" }, "description": "Finds leaks.",
          "hashes": [
            { "alg": "SHA-256", "content": "\(modelDigest)" },
            { "alg": "SHA-512", "content": "\(String(repeating: "c3", count: 64))" }
          ],
          "licenses": [ { "license": { "id": "Apache-2.0" } } ],
          "externalReferences": [ { "type": "website", "url": "https://example.com/leak-net" } ],
          "properties": [ { "name": "training:epochs", "value": "20" } ],
          "modelCard": {
            "modelParameters": {
              "approach": { "type": "supervised" }, "task": "classification",
              "architectureFamily": "CNN", "modelArchitecture": "two convolutions",
              "datasets": [
                { "ref": "readings" },
                { "type": "dataset", "name": "bench", "contents": { "url": "https://example.com/b" } }
              ],
              "inputs": [ { "format": "float32[1,64]" } ], "outputs": [ { "format": "float32[2]" } ]
            },
            "quantitativeAnalysis": {
              "performanceMetrics": [
                { "type": "accuracy", "value": "0.97", "slice": "test",
                  "confidenceInterval": { "lowerBound": "0.95", "upperBound": "0.985" } }
              ]
            },
            "considerations": {
              "users": [ "operators" ], "useCases": [ "leak alarms" ],
              "technicalLimitations": [ "pipes under 50 mm" ],
              "performanceTradeoffs": [ "slower when precise" ],
              "ethicalConsiderations": [ { "name": "alarm fatigue", "mitigationStrategy": "limits" } ],
              "fairnessAssessments": [ { "groupAtRisk": "small sites", "harms": "missed leaks" } ]
            },
            "properties": [ { "name": "bartizan:split:test", "value": "20 %, by site" } ]
          },
          "components": [
            { "type": "data", "bom-ref": "readings", "name": "site readings", "version": "3",
              "hashes": [ { "alg": "SHA-256", "content": "\(dataDigest)" } ],
              "licenses": [ { "expression": "CC-BY-4.0 OR MIT" } ],
              "data": [ { "type": "dataset", "classification": "internal", "sensitiveData": [ "sites" ],
                "contents": { "url": "https://example.com/readings" } } ] }
          ],
          "x-house": { "colour": "blue" }
        },
        { "type": "library", "name": "runtime", "bom-ref": "runtime" }
      ],
      "dependencies": [ { "ref": "device", "dependsOn": [ "model", "runtime" ] } ]
    }
    """

  static func read(_ text: String) throws -> (Lineage, [Diagnostic]) {
    try read(InputDocument(name: "card.cdx.json", bytes: Array(text.utf8)))
  }

  static func read(_ document: InputDocument) throws -> (Lineage, [Diagnostic]) {
    var diagnostics = Diagnostics()
    let lineage = try DescriptorImporters.lineage(of: document, reportingTo: &diagnostics)
    return (lineage, diagnostics.all)
  }

  /// The fixture with one piece of text replaced; the piece must occur.
  static func complete(replacing old: String, with new: String) throws -> (Lineage, [Diagnostic]) {
    guard complete.contains(old) else { throw MissingText(text: old) }
    return try read(complete.replacingOccurrences(of: old, with: new))
  }

  struct MissingText: Error { var text: String }

  static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  /// `../shared/corpus/cyclonedx/specification`, or below `BARTIZAN_SHARED`.
  static let corpus: URL = {
    let shared =
      ProcessInfo.processInfo.environment["BARTIZAN_SHARED"].map { URL(fileURLWithPath: $0) }
      ?? root.deletingLastPathComponent().appendingPathComponent("shared")
    return shared.appendingPathComponent("corpus/cyclonedx/specification")
  }()

  static var hasCorpus: Bool { FileManager.default.fileExists(atPath: corpus.path) }

  static func corpusFile(_ name: String) throws -> InputDocument {
    InputDocument(
      name: name, bytes: Array(try Data(contentsOf: corpus.appendingPathComponent(name))))
  }
}
