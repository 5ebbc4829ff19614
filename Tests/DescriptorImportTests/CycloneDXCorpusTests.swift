import DescriptorImport
import EngineSupport
import Testing

/// Files of the standard's own test suite, with the counts that independent counters took.
@Suite(.enabled(if: DescriptorFixtures.hasCorpus, "corpus is not beside the checkout"))
struct CycloneDXCorpusTests {
  @Test(arguments: ["valid-machine-learning-1.5.json", "valid-machine-learning-1.6.json"])
  func importsTheMachineLearningExamples(_ name: String) throws {
    let (lineage, diagnostics) = try DescriptorFixtures.read(DescriptorFixtures.corpusFile(name))
    #expect(diagnostics.allSatisfy { $0.severity == .note })
    #expect(lineage.models.count == 1 && lineage.otherComponents == 0)
    let card = try #require(lineage.models.first?.card)
    #expect(card.dataSets.count == 1 && card.metrics.count == 1)
    #expect(card.dataSets[0].target == .described(0))
    #expect(lineage.dataSets[0].sources.map(\.value) == ["https://example.com/path/to/dataset"])
    #expect(card.metrics[0].number == nil && card.metrics[0].value != nil)
    let kinds = Set(lineage.gaps().map(\.kind))
    #expect(kinds.isSuperset(of: [.modelHash, .modelLicence, .dataHash, .dataLicence, .split]))
    #expect(kinds.isDisjoint(with: [.metric, .limits, .intendedUse, .dataSource, .noModelCard]))
  }

  @Test func importsACardWithoutContentAndSaysWhatIsMissing() throws {
    let (lineage, diagnostics) = try DescriptorFixtures.read(
      DescriptorFixtures.corpusFile("valid-machine-learning-considerations-env-1.6.json"))
    #expect(diagnostics.isEmpty && lineage.models.map(\.name.value) == ["Llama-2-7b"])
    let kinds = Set(lineage.gaps().map(\.kind))
    #expect(kinds.isSuperset(of: [.noDataSet, .split, .intendedUse, .limits, .metric]))
  }

  @Test(arguments: [
    ("valid-bom-1.6.json", 4), ("valid-saasbom-1.6.json", 1),
  ])
  func importsDocumentsWithoutModels(_ expected: (String, Int)) throws {
    let (lineage, diagnostics) = try DescriptorFixtures.read(
      DescriptorFixtures.corpusFile(expected.0))
    #expect(!diagnostics.contains { $0.severity == .error })
    #expect(lineage.models.isEmpty && lineage.otherComponents == expected.1)
    #expect(lineage.gaps().map(\.kind).first == .noModel)
  }

  @Test func theInvalidExampleIsLocated() throws {
    let (_, diagnostics) = try DescriptorFixtures.read(
      DescriptorFixtures.corpusFile("invalid-component-type-1.6.json"))
    #expect(diagnostics.map(\.code.name) == ["descriptor.cyclonedx.component-type"])
    #expect(diagnostics[0].severity == .error && diagnostics[0].location?.line == 9)
    #expect(diagnostics[0].location?.path == "/components/0/type")
  }

  @Test func xmlIsRefusedWithAHint() throws {
    let document = try DescriptorFixtures.corpusFile("valid-machine-learning-1.6.xml")
    let thrown = #expect(throws: Diagnostic.self) { try DescriptorFixtures.read(document) }
    #expect(thrown?.code.name == "descriptor.format.unknown" && thrown?.hint != nil)
  }
}
