import DescriptorImport
import EngineSupport
import Foundation
import Testing

@Suite struct CycloneDXImporterTests {
  @Test func readsEveryFieldWithItsPlace() throws {
    let (lineage, diagnostics) = try DescriptorFixtures.read(DescriptorFixtures.complete)
    #expect(diagnostics.isEmpty)
    #expect(lineage.formatVersion.value == "1.6" && lineage.subject?.value == "flow meter")
    #expect(lineage.timestamp?.location.path == "/metadata/timestamp")
    #expect(lineage.otherComponents == 2 && lineage.danglingReferences.isEmpty)
    let model = try #require(lineage.models.first)
    #expect(lineage.models.count == 1)
    #expect(model.name.value == "leak-net" && model.name.location.line == 12)
    #expect(model.name.location.path == "/components/0/name")
    #expect(model.version?.value == "2.1" && model.supplier?.value == "Example Works")
    #expect(model.hashes.map(\.algorithm.value) == ["SHA-256", "SHA-512"])
    #expect(model.hashes[0].content.location.path == "/components/0/hashes/0/content")
    #expect(model.licences.map(\.text.value) == ["Apache-2.0"])
    #expect(model.properties.map(\.name.value) == ["training:epochs", "bartizan:split:test"])
    let card = try #require(model.card)
    #expect(card.approach?.value == "supervised" && card.task?.value == "classification")
    #expect(card.architectureFamily?.value == "CNN")
    #expect(card.inputFormats.map(\.value) == ["float32[1,64]"])
    #expect(card.dataSets.map(\.target) == [.described(0), .described(1)])
    let metric = try #require(card.metrics.first)
    #expect(metric.number == 0.97 && metric.lowerBound?.value == "0.95")
    #expect(metric.slice?.location.path?.hasSuffix("/performanceMetrics/0/slice") == true)
    #expect(card.limitations.map(\.value) == ["pipes under 50 mm"])
    #expect(card.ethicalConsiderations.map(\.value) == ["alarm fatigue (limits)"])
  }

  @Test func readsDataSetsOfBothOrigins() throws {
    let (lineage, _) = try DescriptorFixtures.read(DescriptorFixtures.complete)
    #expect(lineage.dataSets.map(\.origin) == [.component, .modelCard])
    let readings = lineage.dataSets[0]
    #expect(
      readings.name?.value == "site readings"
        && readings.location.path == "/components/0/components/0")
    #expect(readings.licences.map(\.form) == [.expression])
    #expect(readings.sources.map(\.value) == ["https://example.com/readings"])
    #expect(readings.classifications.map(\.value) == ["internal"])
    #expect(readings.sensitiveData.map(\.value) == ["sites"])
    #expect(lineage.dataSets[1].title == "bench")
  }

  @Test func countsWhatItDoesNotRead() throws {
    let (lineage, _) = try DescriptorFixtures.read(DescriptorFixtures.complete)
    let paths = lineage.unread.examples.compactMap(\.path)
    #expect(paths.contains("/components/0/x-house"))
    #expect(lineage.unread.count == lineage.unread.examples.count)
    let (more, diagnostics) = try DescriptorFixtures.complete(
      replacing: "\"version\": 1,", with: "\"version\": 1, \"novel\": [1, 2, 3],")
    #expect(more.unread.count == lineage.unread.count + 1 && diagnostics.isEmpty)
  }

  @Test(arguments: [
    (
      "\"task\": \"classification\"", "\"task\": 7", "descriptor.cyclonedx.type",
      "/components/0/modelCard/modelParameters/task"
    ),
    (
      "[ { \"license\": { \"id\": \"Apache-2.0\" } } ]", "{}", "descriptor.cyclonedx.type",
      "/components/0/licenses"
    ),
    (
      "\"id\": \"Apache-2.0\"", "\"url\": \"x\"", "descriptor.cyclonedx.licence",
      "/components/0/licenses/0/license"
    ),
    ("\"name\": \"leak-net\", ", "", "descriptor.cyclonedx.missing", "/components/0"),
    (
      "\"type\": \"library\"", "\"type\": \"libary\"", "descriptor.cyclonedx.component-type",
      "/components/1/type"
    ),
    (
      "\"bom-ref\": \"runtime\"", "\"bom-ref\": \"model\"", "descriptor.cyclonedx.duplicate-ref",
      "/components/1/bom-ref"
    ),
    (
      "\"ref\": \"readings\"", "\"ref\": \"raedings\"", "descriptor.cyclonedx.dangling-ref",
      "/components/0/modelCard/modelParameters/datasets/0/ref"
    ),
    (
      "\"ref\": \"readings\"", "\"ref\": \"runtime\"", "descriptor.cyclonedx.dangling-ref",
      "/components/0/modelCard/modelParameters/datasets/0/ref"
    ),
    (
      "[ \"model\", \"runtime\" ]", "[ \"model\", \"gone\" ]", "descriptor.cyclonedx.dangling-ref",
      "/dependencies/0/dependsOn/1"
    ),
    (
      "\"value\": \"0.97\"", "\"value\": \"0.5\"", "descriptor.cyclonedx.confidence-interval",
      "/components/0/modelCard/quantitativeAnalysis/performanceMetrics/0"
    ),
    (
      "\"value\": \"0.97\"", "\"value\": 0.97", "descriptor.cyclonedx.type",
      "/components/0/modelCard/quantitativeAnalysis/performanceMetrics/0/value"
    ),
    (
      "\"SHA-512\"", "\"SHA-9\"", "descriptor.cyclonedx.hash-algorithm",
      "/components/0/hashes/1/alg"
    ),
    (
      "urn:uuid:3e671687", "urn:uuid:3e67168z", "descriptor.cyclonedx.serial-number",
      "/serialNumber"
    ),
  ])
  func locatesWhatIsWrong(_ change: (String, String, String, String)) throws {
    let (_, diagnostics) = try DescriptorFixtures.complete(replacing: change.0, with: change.1)
    #expect(diagnostics.contains { $0.code.name == change.2 && $0.location?.path == change.3 })
    #expect(diagnostics.allSatisfy { $0.location?.line != nil })
  }

  @Test func linksIntoOtherDocumentsAreNotDangling() throws {
    let link = "urn:cdx:3e671687-395b-41f5-a30f-a58921a69b79/1#data"
    let (lineage, diagnostics) = try DescriptorFixtures.complete(
      replacing: "\"ref\": \"readings\"", with: "\"ref\": \"\(link)\"")
    #expect(lineage.models[0].card?.dataSets[0].target == .elsewhere(link))
    #expect(diagnostics.isEmpty)
  }

  @Test func versionsOutsideTheReadOnesAreRefused() throws {
    for version in ["1.6", "1.7"] {
      let (_, diagnostics) = try DescriptorFixtures.complete(
        replacing: "\"1.6\"", with: "\"\(version)\"")
      #expect(diagnostics.isEmpty)
    }
    let (_, old) = try DescriptorFixtures.complete(replacing: "\"1.6\"", with: "\"1.5\"")
    #expect(old.map(\.severity) == [.note])
    for version in ["\"1.4\"", "\"2.0\"", "1.6"] {
      let thrown = #expect(throws: Diagnostic.self) {
        try DescriptorFixtures.complete(replacing: "\"1.6\"", with: version)
      }
      #expect(thrown?.code.name == "descriptor.cyclonedx.version" && thrown?.location?.line == 3)
    }
    let format = #expect(throws: Diagnostic.self) {
      try DescriptorFixtures.complete(replacing: "\"CycloneDX\"", with: "\"SPDX\"")
    }
    #expect(format?.code.name == "descriptor.cyclonedx.format")
    let unknown = #expect(throws: Diagnostic.self) { try DescriptorFixtures.read("<bom/>") }
    #expect(unknown?.code.name == "descriptor.format.unknown")
  }

  @Test func theModelMayBeTheSubjectOfTheDocument() throws {
    let (lineage, diagnostics) = try DescriptorFixtures.read(
      """
      {"bomFormat": "CycloneDX", "specVersion": "1.7", "metadata": {"component":
        {"type": "machine-learning-model", "name": "m", "modelCard": {"modelParameters":
          {"datasets": [{"ref": "d"}]}}}},
       "components": [{"type": "data", "name": "D", "data": [{"type": "dataset", "bom-ref": "d"}]}]}
      """)
    #expect(diagnostics.isEmpty && lineage.models.map(\.name.value) == ["m"])
    #expect(lineage.models[0].card?.dataSets.map(\.target) == [.described(0)])
  }

  @Test func aFloodOfErrorsIsCountedNotListed() throws {
    let components = Array(repeating: "1", count: 5_000).joined(separator: ",")
    let (_, diagnostics) = try DescriptorFixtures.read(
      "{\"bomFormat\":\"CycloneDX\",\"specVersion\":\"1.6\",\"components\":[\(components)]}")
    #expect(diagnostics.count == 1_001)
    #expect(diagnostics.last?.code.name == "descriptor.cyclonedx.more")
    #expect(
      diagnostics.last?.severity == .error && diagnostics.last?.message.contains("4000") == true)
  }

  @Test func anOversizedDocumentIsRefusedUnread() {
    let bytes = [UInt8](repeating: 0x20, count: DescriptorImporters.largestDocument + 1)
    let thrown = #expect(throws: Diagnostic.self) {
      try DescriptorFixtures.read(InputDocument(name: "large", bytes: bytes))
    }
    #expect(thrown?.code.name == "descriptor.too-large")
  }

  @Test func deepNestingEndsInADiagnostic() {
    let head = "{\"bomFormat\":\"CycloneDX\",\"specVersion\":\"1.6\",\"components\":["
    let text = head + String(repeating: "{\"components\":[", count: 50_000)
    #expect(throws: Diagnostic.self) { try DescriptorFixtures.read(text) }
  }

  @Test func everyTruncationEndsInADiagnostic() {
    let bytes = Array(DescriptorFixtures.complete.utf8)
    for count in 0..<bytes.count {
      #expect(throws: Diagnostic.self, "cut at \(count)") {
        try DescriptorFixtures.read(InputDocument(name: "cut", bytes: Array(bytes[..<count])))
      }
    }
  }

  @Test func twoThousandFlipsEndInSuccessOrADiagnostic() {
    let seed: UInt64 = 20_261_121
    var random = SeededRandom(seed: seed)
    var imported = 0
    for _ in 0..<2_000 {
      var bytes = Array(DescriptorFixtures.complete.utf8)
      bytes[random.index(below: bytes.count)] = UInt8(random.index(below: 256))
      do throws(any Error) {
        let document = InputDocument(name: "flip", bytes: bytes)
        let first = try DescriptorFixtures.read(document)
        #expect(first == (try DescriptorFixtures.read(document)), "seed \(seed)")
        _ = HashVerification(of: first.0, against: [])
        _ = first.0.gaps()
        imported += 1
      } catch {
        #expect(error is Diagnostic, "seed \(seed)")
      }
    }
    #expect((100..<2_000).contains(imported), "seed \(seed)")
  }

  @Test func theListNamesEveryFileOfTheFolderInOrder() throws {
    let folder = DescriptorFixtures.root.appendingPathComponent(
      "Sources/DescriptorImport/Importers")
    let files = try FileManager.default.contentsOfDirectory(atPath: folder.path)
      .filter { $0.hasSuffix(".swift") }.map { String($0.dropLast(6)) }.sorted()
    #expect(DescriptorImporters.all.map { "\($0)" } == files)
  }
}
