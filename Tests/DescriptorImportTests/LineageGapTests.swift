import DescriptorImport
import EngineSupport
import Testing

@Suite struct LineageGapTests {
  @Test func theCompleteModelHasNoGapsOfItsOwn() throws {
    let (lineage, _) = try DescriptorFixtures.read(DescriptorFixtures.complete)
    // Data described in a model card cannot carry a hash or a licence.
    #expect(lineage.gaps().map(\.kind) == [.dataHash, .dataLicence])
    #expect(lineage.gaps().allSatisfy { $0.subject == "bench" && $0.location.line != nil })
  }

  @Test(arguments: [
    ("\"useCases\": [ \"leak alarms\" ]", "\"useCases\": []", LineageGap.Kind.intendedUse),
    (
      "\"technicalLimitations\": [ \"pipes under 50 mm\" ]", "\"technicalLimitations\": []", .limits
    ),
    ("bartizan:split:test", "bartizan:splitting", .split),
    ("\"value\": \"0.97\"", "\"note\": \"good\"", .metric),
    ("\"licenses\": [ { \"license\": { \"id\": \"Apache-2.0\" } } ],", "", .modelLicence),
    ("\"licenses\": [ { \"expression\": \"CC-BY-4.0 OR MIT\" } ],", "", .dataLicence),
    (
      "\"contents\": { \"url\": \"https://example.com/readings\" }", "\"description\": \"d\"",
      .dataSource
    ),
    ("{ \"alg\": \"SHA-256\", \"content\": \"\(DescriptorFixtures.dataDigest)\" }", "", .dataHash),
    (
      "{ \"alg\": \"SHA-256\", \"content\": \"\(DescriptorFixtures.modelDigest)\" },", "",
      .modelHash
    ),
    ("\"ref\": \"readings\"", "\"ref\": \"nowhere\"", .danglingReference),
    ("\"modelCard\": {", "\"modelCart\": {", .noModelCard),
    ("\"type\": \"machine-learning-model\"", "\"type\": \"library\"", .noModel),
  ])
  func whatIsTakenAwayIsMissed(_ change: (String, String, LineageGap.Kind)) throws {
    let before = try DescriptorFixtures.read(DescriptorFixtures.complete).0.gaps()
    let (lineage, _) = try DescriptorFixtures.complete(replacing: change.0, with: change.1)
    let count = lineage.gaps().count { $0.kind == change.2 }
    #expect(count == before.count { $0.kind == change.2 } + 1)
  }
}
