import EngineSupport
import Testing

@testable import ThreatKnowledge

/// What is bundled: counts, levels, flags, and relations that lead somewhere.
@Suite struct BundledCatalogueTests {
  private let knowledge = KnowledgeBase.bundled

  private func catalogue(_ id: String) throws -> KnowledgeCatalogue {
    try #require(knowledge.catalogue(id))
  }

  @Test func cataloguesStandInAFixedOrderWithTheirCounts() {
    let counts = knowledge.catalogues.map { "\($0.id) \($0.version): \($0.entries.count)" }
    #expect(
      counts == [
        "attack-ics 18.1: 248", "atlas 5.6.0: 278", "cwe-capec CWE 4.19.1, CAPEC 3.9: 242",
        "iec62443-3-3 2013: 107", "iec62443-4-1 2018: 55", "iec62443-4-2 2019: 152",
        "iso42001 2023: 47", "cra Regulation (EU) 2024/2847: 22",
        "ai-act Regulation (EU) 2024/1689: 59", "nist-ai-rmf 1.0: 95", "nist-ai-100-2 E2025: 28",
        "owasp-ml-top10 2023, draft 0.3: 10", "aitm-clauses 2026-11: 65", "mappings 2026-11: 79",
      ])
    for catalogue in knowledge.catalogues {
      #expect(catalogue.origin == .bundled)
      #expect(!catalogue.licence.isEmpty && !catalogue.source.isEmpty, "\(catalogue.id)")
      #expect(catalogue.entries.allSatisfy { catalogue.entry($0.id) == $0 }, "\(catalogue.id)")
    }
  }

  /// Assessable rows for each component type and level, as counted when the sources were compared.
  @Test func levelsOf4_2AddUp() throws {
    let rows = try catalogue("iec62443-4-2").entries.filter(\.isAssessable)
    #expect(rows.count == 122)
    let expected = [
      "SAR": [34, 53, 67, 73], "EDR": [36, 61, 77, 83], "HDR": [36, 62, 78, 84],
      "NDR": [40, 67, 86, 92],
    ]
    for (type, counts) in expected.sorted(by: { $0.key < $1.key }) {
      let ofType = rows.filter { $0.componentTypes.contains(type) }
      let counted = (1...4).map { level in ofType.count { ($0.securityLevel ?? 9) <= level } }
      #expect(counted == counts, "\(type)")
    }
    #expect(rows.filter { $0.flags.contains(.disputed) }.count == 5)
  }

  @Test func kindsAreCounted() throws {
    func count(_ id: String, _ kind: CatalogueEntry.Kind) throws -> Int {
      try catalogue(id).entries.count { $0.kind == kind }
    }
    #expect(try count("attack-ics", .technique) == 83)
    #expect(try count("attack-ics", .tactic) == 12)
    #expect(try count("atlas", .technique) == 170)
    #expect(try count("iec62443-4-1", .requirement) == 47)
    #expect(try count("iec62443-3-3", .enhancement) == 49)
    #expect(try count("iso42001", .control) == 38)
    #expect(try count("cwe-capec", .weakness) == 123)
    #expect(try count("nist-ai-rmf", .subcategory) == 72)
    #expect(try count("mappings", .threatCategory) == 20)
    #expect(try count("mappings", .stage) == 12)
  }

  /// A target that no catalogue holds belongs to a family that is bundled in part or not at all.
  @Test func relationsLeadSomewhere() {
    for catalogue in knowledge.catalogues {
      for entry in catalogue.entries {
        for relation in entry.relations where knowledge.match(relation.target) == nil {
          let target = relation.target
          let isElsewhere =
            switch relation.kind {
            // Enterprise techniques and tactics, and parents outside the subset.
            case .refersTo: target.hasPrefix("T") || target.hasPrefix("M") || target.hasPrefix("TA")
            case .parent, .precedes: target.hasPrefix("CWE-") || target.hasPrefix("CAPEC-")
            default: false
            }
          #expect(isElsewhere, "\(entry.id) \(relation.kind.rawValue) \(target)")
        }
      }
      for link in catalogue.links {
        #expect(knowledge.match(link.source) != nil, "\(link.source)")
        #expect(knowledge.match(link.relation.target) != nil, "\(link.relation.target)")
      }
    }
  }

  @Test func pointersStandForRows() throws {
    let rows = try catalogue("iec62443-4-2")
    for entry in rows.entries where entry.flags.contains(.pointer) {
      let targets = entry.targets(.resolvesTo)
      #expect(!targets.isEmpty, "\(entry.id)")
      #expect(targets.allSatisfy { rows.entry($0)?.isAssessable == true }, "\(entry.id)")
    }
  }

  @Test func whatIsReportedSaysSoEverywhere() throws {
    let clauses = try catalogue("aitm-clauses")
    #expect(clauses.entries.allSatisfy { $0.flags == [.reported] })
    #expect(CatalogueEntry.Flag.reported.label == "as reported, not verified")
    for other in knowledge.catalogues where other.id != clauses.id {
      #expect(!other.entries.contains { $0.flags.contains(.reported) }, "\(other.id)")
    }
    #expect(ReportedRequirement.all.count == ReportedRequirement.sections.count)
    #expect(ReportedRequirement.all.first?.clause == "7.3")
  }

  @Test func aSumThatIsMissingOrMalformedIsAnError() throws {
    let files = KnowledgeBase.bundledFiles
    #expect(files.first?.name == "SHA256SUMS")
    let malformed = InputDocument(name: "SHA256SUMS", bytes: Array("abc  x.json\n".utf8))
    let incomplete = InputDocument(name: "SHA256SUMS", bytes: [])
    #expect(throws: Diagnostic.self) {
      try KnowledgeBase.catalogues(of: [malformed] + files.dropFirst())
    }
    #expect(throws: Diagnostic.self) {
      try KnowledgeBase.catalogues(of: [incomplete] + files.dropFirst())
    }
  }
}
