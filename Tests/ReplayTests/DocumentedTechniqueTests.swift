import EngineSupport
import Foundation
import Testing
import ThreatKnowledge

/// The lists of techniques against the catalogues they come from, so that none is dropped in silence.
@Suite struct DocumentedTechniqueTests {
  static let root = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  private static let release: URL = {
    let shared =
      ProcessInfo.processInfo.environment["BARTIZAN_SHARED"].map { URL(filePath: $0) }
      ?? root.deletingLastPathComponent().appending(path: "shared")
    return shared.appending(
      path: "corpus/attack-stix/attack-stix-data/ics-attack-18.1.json")
  }()

  @Test(arguments: ReplayTests.all)
  func techniquesAreInTheBundledCatalogue(_ replay: Replay) throws {
    let id = replay.catalogue == .attack ? "attack-ics" : "atlas"
    let catalogue = try #require(KnowledgeBase.bundled.catalogue(id))
    for technique in replay.documented {
      let entry = try #require(catalogue.entry(technique), "\(technique)")
      #expect(entry.kind == .technique)
    }
  }

  /// Case studies are in the bundled catalogue with all they use.
  @Test(arguments: ReplayTests.caseStudies)
  func caseStudiesListWhatATLASLists(_ replay: Replay) throws {
    let catalogue = try #require(KnowledgeBase.bundled.catalogue("atlas"))
    for source in replay.sources {
      let entry = try #require(catalogue.entry(source.id), "\(source.id)")
      #expect(entry.kind == .caseStudy)
      #expect(source.techniques == source.techniques.sorted(), "\(source.id)")
      #expect(Set(source.techniques) == Set(entry.targets(.uses)), "\(source.id)")
    }
  }

  /// Case studies of ATLAS that are about language models and the agents built on them.
  private static let ofLanguageModels: Set<String> = [
    "AML.CS0007", "AML.CS0016", "AML.CS0019", "AML.CS0020", "AML.CS0021", "AML.CS0022",
    "AML.CS0024", "AML.CS0026", "AML.CS0029", "AML.CS0030", "AML.CS0035", "AML.CS0036",
    "AML.CS0037", "AML.CS0038", "AML.CS0039", "AML.CS0040", "AML.CS0041", "AML.CS0042",
    "AML.CS0043", "AML.CS0044", "AML.CS0045", "AML.CS0046", "AML.CS0047", "AML.CS0048",
    "AML.CS0049", "AML.CS0050", "AML.CS0051", "AML.CS0052", "AML.CS0053", "AML.CS0054",
    "AML.CS0055", "AML.CS0056",
  ]

  @Test func everyOtherCaseStudyIsReplayed() throws {
    let catalogue = try #require(KnowledgeBase.bundled.catalogue("atlas"))
    let all = Set(catalogue.entries.filter { $0.kind == .caseStudy }.map(\.id))
    let replayed = Set(ReplayTests.caseStudies.flatMap(\.sources).map(\.id))
    #expect(all.subtracting(replayed).sorted() == Self.ofLanguageModels.sorted())
  }

  @Test(
    .enabled(
      if: FileManager.default.fileExists(atPath: release.path),
      "the corpus is not beside the checkout"))
  func campaignsListWhatATTACKLists() throws {
    var diagnostics = Diagnostics()
    let document = InputDocument(
      name: "ics-attack.json", bytes: [UInt8](try Data(contentsOf: Self.release)))
    let catalogue = try CatalogueImporters.catalogue(
      in: document,
      digest: try #require(ContentDigest(hexadecimal: String(repeating: "0", count: 64))),
      reportingTo: &diagnostics)
    let current = Set(
      catalogue.entries.filter { $0.kind == .technique && $0.flags.isEmpty }.map(\.id))
    var replayed: Set<String> = []
    for source in ReplayTests.campaigns.flatMap(\.sources) {
      let entry = try #require(catalogue.entry(source.id), "\(source.id)")
      #expect(source.techniques == source.techniques.sorted(), "\(source.id)")
      #expect(
        Set(source.techniques) == Set(entry.targets(.uses)).intersection(current), "\(source.id)")
      replayed.insert(source.id)
    }
    // Whoever is documented with a technique for industrial control systems is replayed.
    let actors = catalogue.entries.filter {
      [.campaign, .group, .software].contains($0.kind) && $0.flags.isEmpty
        && !current.isDisjoint(with: $0.targets(.uses))
    }
    #expect(Set(actors.map(\.id)).subtracting(replayed).sorted() == [])
  }
}
