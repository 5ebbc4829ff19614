import AssessmentPipeline
import EngineSupport
import Foundation
import ModelTesting
import Testing

@testable import Reporting

/// The reports of the bundled sample product, with Graphviz's own layout.
@Suite struct SampleReportTests {
  private static let root = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  /// Where to keep the rendered files, for people who want to look at them.
  private static let keep = ProcessInfo.processInfo.environment["BARTIZAN_KEEP_REPORT"]
  private static let samples = ProcessInfo.processInfo.environment["BARTIZAN_SAMPLES"].flatMap(
    Int.init)

  private func assess() throws -> AssessmentResult {
    let folder = Self.root.appendingPathComponent("samples/handheld-terminal")
    func document(_ path: String) throws -> InputDocument {
      InputDocument(
        name: path, bytes: [UInt8](try Data(contentsOf: folder.appendingPathComponent(path))))
    }
    let file = try document("bartizan.yaml")
    var diagnostics = Diagnostics()
    let product = try ProductFile(reading: file, reportingTo: &diagnostics)
    let documents = try product.documents { try document($0.path) }
    return try Assessment(
      of: product, from: file, documents: documents,
      options: AssessmentOptions(jobs: 2, profile: .quick, sampleLimit: Self.samples ?? 16)
    ).run()
  }

  @Test(.enabled(if: InstalledGraphviz.isInstalled, "Graphviz is not installed"))
  func everyPartOfTheReportIsThere() throws {
    let result = try assess()
    let reporters = Reporters.all(layout: InstalledGraphviz())
    let files = try reporters.flatMap { try $0.render(result) }
    #expect(try reporters.flatMap { try $0.render(result) } == files)
    let page = try #require(files.first { $0.name == "report.html" })
    let text = String(decoding: page.bytes, as: UTF8.self)
    for title in [
      "Summary", "About the standard", "Architecture and both fronts", "Attack paths",
      "Model tests", "Lineage", "Claims", "Evidence", "What was left out, and why", "Glossary",
    ] {
      #expect(text.contains(title))
    }
    for part in ["id=\"fused-graph-title\"", "id=\"path-1-title\"", "id=\"robustness-1-title\""] {
      #expect(text.contains(part))
    }
    #expect(text.contains(result.root.hexadecimal))
    #expect(!text.lowercased().contains("complies"))
    let data = try #require(files.first { $0.name == "threat-model.json" })
    let json = try JSONParser.parse(InputDocument(name: data.name, bytes: data.bytes))
    #expect(json["evidence"]?["root"]?.string == result.root.hexadecimal)
    #expect(json["findings"]?.elements?.count == result.findings.count)
    if let keep = Self.keep {
      for file in files {
        let url = URL(fileURLWithPath: keep).appendingPathComponent(file.name)
        try FileManager.default.createDirectory(
          at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(file.bytes).write(to: url)
      }
    }
  }
}
