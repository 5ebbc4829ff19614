import EngineSupport
import Testing

@testable import ThreatKnowledge

/// The official releases of ATT&CK for ICS and ATLAS: what they say is what the bundled catalogues say.
@Suite struct OfficialFileTests {
  private func compare(
    _ imported: KnowledgeCatalogue, _ kinds: [CatalogueEntry.Kind],
    _ relations: [CatalogueRelationKind]
  ) throws {
    let bundled = try #require(KnowledgeBase.bundled.catalogue(imported.id))
    #expect(bundled.version == imported.version)
    let current = imported.entries.filter { kinds.contains($0.kind) && $0.flags.isEmpty }
    let wanted = bundled.entries.filter { kinds.contains($0.kind) }
    #expect(current.map(\.id).sorted() == wanted.map(\.id).sorted())
    for entry in wanted {
      let other = try #require(imported.entry(entry.id))
      #expect(other.name == entry.name, "\(entry.id)")
      #expect(other.kind == entry.kind, "\(entry.id)")
      for relation in relations {
        #expect(
          Set(other.targets(relation)) == Set(entry.targets(relation)),
          "\(entry.id) \(relation.rawValue)")
      }
    }
  }

  @Test(
    .enabled(
      if: SharedFiles.isPresent(SharedFiles.stix), "the corpus is not beside the checkout"))
  func attackForICSIsTheBundledOne() throws {
    let read = ImporterFixtures.read(try SharedFiles.document(SharedFiles.stix).bytes)
    let catalogue = try #require(read.catalogue, "\(String(describing: read.error))")
    #expect(read.diagnostics.isEmpty, "\(read.diagnostics.prefix(3))")
    try compare(
      catalogue, [.tactic, .technique, .asset, .mitigation, .detection],
      [.tactic, .targets, .mitigates, .detects, .mappedTo])
    #expect(catalogue.entries.count { $0.kind == .technique && !$0.flags.isEmpty } == 12)
    #expect(catalogue.entries.count { $0.kind == .campaign } == 8)
    #expect(catalogue.entries.count { $0.kind == .software } == 30)
    let campaign = try #require(catalogue.entry("C0028"))
    #expect(campaign.name == "2015 Ukraine Electric Power Attack")
    #expect(campaign.targets(.uses).count > 5)
  }

  @Test(
    .enabled(
      if: SharedFiles.isPresent(SharedFiles.atlas), "the corpus is not beside the checkout"))
  func atlasIsTheBundledOne() throws {
    let read = ImporterFixtures.read(try SharedFiles.document(SharedFiles.atlas).bytes)
    let catalogue = try #require(read.catalogue, "\(String(describing: read.error))")
    #expect(read.diagnostics.isEmpty, "\(read.diagnostics.prefix(3))")
    try compare(
      catalogue, [.tactic, .technique, .mitigation, .caseStudy],
      [.tactic, .parent, .mitigates, .uses, .refersTo])
  }

  /// A real file cut off at many places: an error with a place, never half a catalogue.
  @Test(
    .enabled(
      if: SharedFiles.isPresent(SharedFiles.stix), "the corpus is not beside the checkout"))
  func truncatedReleasesAreRefused() throws {
    let bytes = try SharedFiles.document(SharedFiles.stix).bytes
    for part in 1..<6 {
      let read = ImporterFixtures.read(bytes.prefix(bytes.count * part / 6))
      #expect(read.error?.location?.line != nil)
    }
  }

  /// Real files with structure changed at random places: a sound catalogue or a located error.
  @Test(
    .enabled(
      if: SharedFiles.isPresent(SharedFiles.atlas) && SharedFiles.isPresent(SharedFiles.stix),
      "the corpus is not beside the checkout"))
  func mutatedReleasesEndWell() throws {
    let seed = UInt64.random(in: 0...UInt64.max)
    print("official files, mutations: seed \(seed)")
    var random = SeededRandom(seed: seed)
    let pieces = ["}", "]", "{", "[", "\"", "\n", ": ", "- ", ",", "&a", "*a", "\u{1B}", "null"]
    for url in [SharedFiles.atlas, SharedFiles.stix] {
      let original = try SharedFiles.document(url).bytes
      for round in 0..<12 {
        var bytes = original
        for _ in 0..<(1 + round / 3) {
          let piece = Array(pieces[random.index(below: pieces.count)].utf8)
          let place = random.index(below: bytes.count - 8)
          bytes.replaceSubrange(place..<(place + random.index(below: 8)), with: piece)
        }
        let read = ImporterFixtures.read(bytes, named: "mutated")
        #expect((read.catalogue == nil) != (read.error == nil), "round \(round), seed \(seed)")
        if let error = read.error {
          #expect(error.location?.document == "mutated", "\(error), seed \(seed)")
        }
        #expect(read.diagnostics.count <= 51, "round \(round), seed \(seed)")
      }
    }
  }
}
