import ArchitectureModel
import EngineSupport
import Testing
import ThreatKnowledge
import ThreatLanguage

@Suite struct IndustrialLanguageTests {
  static func language() throws -> CompiledLanguage {
    var diagnostics = Diagnostics()
    let language = CompiledLanguage(
      sources: IndustrialLanguage.sources, reportingTo: &diagnostics)
    #expect(diagnostics.all.isEmpty, "\(diagnostics.all)")
    return try #require(language)
  }

  @Test func compilesWithoutAWarning() throws {
    let language = try Self.language()
    #expect(language.name == "org.bartizan.industrial")
    #expect(language.assetTypes.count == 95)
  }

  @Test func everyRowOfTheBindingTableNamesSomethingOfTheLanguage() throws {
    let language = try Self.language()
    for row in BindingTable.rows {
      if let type = language.assetType(named: row.becomes) {
        #expect(!type.isAbstract, "\(row.id)")
        continue
      }
      let association = language.associations.first { row.becomes.contains("<-- \($0.name) -->") }
      #expect(association != nil, "\(row.id) becomes \(row.becomes)")
    }
    #expect(Set(BindingTable.rows.map(\.id)).count == BindingTable.rows.count)
  }

  @Test func consequencesAndDemonstratedStepsExist() throws {
    let language = try Self.language()
    for kind in ConsequenceKind.allCases {
      let owners = language.assetTypes.filter { $0.step(named: kind.step) != nil }
      #expect(!owners.isEmpty, "\(kind)")
      for owner in owners {
        #expect(owner.step(named: kind.step)?.tags.contains("consequence") == true)
      }
    }
    let model = try #require(language.assetType(named: "LearningModel"))
    for step in DemonstratedStep.allCases {
      #expect(model.step(named: step.rawValue)?.ttc != nil, "\(step) has a prior to replace")
    }
  }

  @Test func everyStepSaysWhatItRestsOn() throws {
    for type in try Self.language().assetTypes {
      for step in type.steps {
        let basis = step.meta.first { $0.key == "basis" }?.text ?? ""
        #expect(!basis.isEmpty, "\(type.name).\(step.name)")
        if step.ttc != nil {
          #expect(!basis.hasPrefix("structural"), "\(type.name).\(step.name) has a number")
        }
      }
    }
  }

  @Test func everyStepHasASentenceForItsReaders() throws {
    for type in try Self.language().assetTypes {
      for step in type.steps {
        #expect(step.meta.contains { $0.key == "user" }, "\(type.name).\(step.name)")
      }
    }
  }

  @Test func entriesSayTheirFront() throws {
    for type in try Self.language().assetTypes {
      for step in type.steps where step.tags.contains("entry") {
        #expect(step.tags.contains("network") != step.tags.contains("sensor"))
      }
    }
  }
}
