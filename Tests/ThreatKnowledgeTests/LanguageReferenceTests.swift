import EngineSupport
import Testing
import ThreatKnowledge
import ThreatLanguage

/// What the industrial language cites, against the catalogues it cites.
@Suite struct LanguageReferenceTests {
  private func coverage() throws -> LanguageCoverage {
    try LanguageCoverage(
      of: IndustrialLanguageTests.language(), notModelled: IndustrialLanguage.notModelled)
  }

  @Test func referencesAreWrittenAsTheirCataloguesWriteThem() throws {
    let coverage = try coverage()
    let patterns: [(LanguageCoverage.Family, Regex<Substring>)] = [
      (.attack, #/T0\d{3}/#), (.mitigation, #/M0\d{3}/#), (.atlas, #/AML\.T\d{4}(?:\.\d{3})?/#),
      (.atlasMitigation, #/AML\.M\d{4}/#), (.cwe, #/CWE-\d+/#), (.capec, #/CAPEC-\d+/#),
      (.nist, #/NISTAML\.\d{3}/#), (.iso42001, #/A\.\d+(?:\.\d+){1,2}/#),
      (.cr, #/(?:CR|SAR|EDR|HDR|NDR) \d\.\d+(?: RE\(\d\))?/#),
    ]
    #expect(Set(patterns.map(\.0)) == Set(LanguageCoverage.Family.allCases))
    for (family, pattern) in patterns {
      let rows = coverage.rows(family)
      #expect(!rows.isEmpty)
      for row in rows { #expect(row.id.wholeMatch(of: pattern) != nil, "\(family): \(row.id)") }
    }
  }

  @Test func metaTextsHaveKnownKeys() throws {
    let known = Set(LanguageCoverage.Family.allCases.map(\.rawValue))
      .union(["user", "basis", "stride", "refutes"])
    for type in try IndustrialLanguageTests.language().assetTypes {
      for step in type.steps {
        for meta in step.meta {
          #expect(known.contains(meta.key), "\(type.name).\(step.name): \(meta.key)")
        }
      }
    }
  }

  @Test func attackStepsHaveAClassOrNeedNoAttacker() throws {
    let classes: Set<String> = [
      "Spoofing", "Tampering", "Repudiation", "Information disclosure", "Denial of service",
      "Elevation of privilege",
    ]
    for type in try IndustrialLanguageTests.language().assetTypes {
      for step in type.steps where step.kind == .or || step.kind == .and {
        let stride = step.meta.filter { $0.key == "stride" }
          .flatMap { LanguageCoverage.ids($0.text) }
        #expect(
          !stride.isEmpty || step.tags.contains("natural"), "\(type.name).\(step.name)")
        for name in stride { #expect(classes.contains(name), "\(type.name).\(step.name): \(name)") }
      }
    }
  }

  @Test func attackStepsCiteSomething() throws {
    let families: Set<String> = ["attack", "atlas", "cwe", "capec", "nist"]
    for type in try IndustrialLanguageTests.language().assetTypes {
      for step in type.steps where step.kind == .or || step.kind == .and {
        #expect(
          step.meta.contains { families.contains($0.key) }, "\(type.name).\(step.name)")
      }
    }
  }

  @Test func whatIsLeftOutIsNotCitedAsWell() throws {
    let coverage = try coverage()
    for family in LanguageCoverage.Family.allCases {
      #expect(coverage.citedIDs(family).isDisjoint(with: coverage.excusedIDs(family)), "\(family)")
    }
    let language = try IndustrialLanguageTests.language()
    for name in coverage.defenseReasons.keys.sorted() {
      let parts = name.split(separator: ".").map(String.init)
      let step = parts.count == 2 ? language.assetType(named: parts[0])?.step(named: parts[1]) : nil
      #expect(step?.kind == .defense, "\(name)")
    }
  }

  @Test(.enabled(if: SharedKnowledge.isPresent, "the catalogues are not beside the checkout"))
  func everyReferenceIsInItsCatalogue() throws {
    let coverage = try coverage()
    let catalogues: [(LanguageCoverage.Family, Set<String>)] = [
      (.attack, try SharedKnowledge.ids("attack-ics.json", "techniques")),
      (.mitigation, try SharedKnowledge.ids("attack-ics.json", "mitigations")),
      (.atlas, try SharedKnowledge.ids("atlas.json", "techniques")),
      (.atlasMitigation, try SharedKnowledge.ids("atlas.json", "mitigations")),
      (.cwe, try SharedKnowledge.ids("capec-cwe.json", "cwe")),
      (.capec, try SharedKnowledge.ids("capec-cwe.json", "capec")),
      (.nist, try SharedKnowledge.ids("nist-ai-100-2.json", "attacks")),
      (.iso42001, try SharedKnowledge.controls()),
      (.cr, try SharedKnowledge.requirementRows()),
    ]
    #expect(Set(catalogues.map(\.0)) == Set(LanguageCoverage.Family.allCases))
    for (family, known) in catalogues {
      for row in coverage.rows(family) {
        #expect(known.contains(row.id), "\(family): \(row.id), cited by \(row.steps)")
      }
    }
  }

  @Test(
    .enabled(if: SharedKnowledge.isPresent, "the catalogues are not beside the checkout"),
    arguments: [
      (LanguageCoverage.Family.attack, 83, 75), (.atlas, 170, 95), (.cr, 122, 115), (.nist, 23, 15),
    ])
  func catalogueIsCoveredOrExcused(
    family: LanguageCoverage.Family, entries: Int, atLeast: Int
  ) throws {
    let coverage = try coverage()
    let all =
      switch family {
      case .attack: try SharedKnowledge.ids("attack-ics.json", "techniques")
      case .atlas: try SharedKnowledge.ids("atlas.json", "techniques")
      case .nist: try SharedKnowledge.ids("nist-ai-100-2.json", "attacks")
      default: try SharedKnowledge.requirementRows()
      }
    #expect(all.count == entries)
    #expect(coverage.citedIDs(family).count >= atLeast)
    let missing = all.subtracting(coverage.citedIDs(family))
      .subtracting(coverage.excusedIDs(family))
    #expect(missing.isEmpty, "\(family): \(missing.sorted())")
  }
}
