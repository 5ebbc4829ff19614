import Testing
import ThreatKnowledge
import ThreatLanguage

/// Techniques by kind of asset: what ATT&CK for ICS aims at a kind of asset, the language can do to it.
///
/// It is what lets attacks be found that nobody had in mind when a step was written.
@Suite struct AssetTechniqueTests {
  /// Asset types that the language has for each asset of ATT&CK for ICS.
  private static let types: [(asset: String, type: String)] = [
    ("A0001", "EngineeringStation"), ("A0002", "OperatorStation"), ("A0003", "Controller"),
    ("A0004", "Controller"), ("A0005", "ProtectionRelay"), ("A0006", "Historian"),
    ("A0007", "ControlServer"), ("A0008", "Node"), ("A0009", "Gateway"),
    ("A0010", "SafetyController"), ("A0011", "RemoteAccessService"),
    ("A0012", "RemoteAccessService"), ("A0013", "FieldDevice"), ("A0014", "NetworkDevice"),
    ("A0015", "NetworkDevice"), ("A0016", "Firewall"), ("A0017", "Controller"),
    ("A0018", "Controller"),
  ]

  /// What happens on an asset of its own beside the target, which has to be drawn.
  private static let elsewhere: [String: String] = [
    "T0805": "BusFlow", "T0847": "RemovableMedia", "T0860": "RadioFlow", "T0862": "Supplier",
    "T0887": "RadioFlow",
  ]

  /// Relations that the language does not follow, with the reason.
  private static let left: [String: String] = [
    "A0002 T0800": "a panel with firmware is drawn as an embedded device",
    "A0002 T0857": "a panel with firmware is drawn as an embedded device",
    "A0002 T0863": "a station with mail or a browser is drawn as a workstation",
    "A0011 T0857": "an appliance with firmware is drawn as a network device",
    "A0012 T0863": "a jump host with mail or a browser is drawn as a workstation",
    "A0012 T0865": "a jump host with mail or a browser is drawn as a workstation",
  ]

  @Test func everyTechniqueIsAStepOfWhatItTargets() throws {
    let language = try IndustrialLanguageTests.language()
    func cited(_ type: String) throws -> Set<String> {
      let asset = try #require(language.assetType(named: type), "\(type)")
      return Set(
        asset.steps.flatMap { step in
          step.meta.filter { $0.key == "attack" }.flatMap { LanguageCoverage.ids($0.text) }
        })
    }
    let around = try cited("Zone").union(cited("Conduit")).union(cited("NetworkFlow"))
    let catalogue = try #require(KnowledgeBase.bundled.catalogue("attack-ics"))
    let techniques = catalogue.entries.filter { $0.kind == .technique }
    let assets = Set(catalogue.entries.filter { $0.kind == .asset }.map(\.id))
    #expect(assets == Set(Self.types.map(\.asset)))
    for (technique, type) in Self.elsewhere {
      #expect(try cited(type).contains(technique), "\(type) \(technique)")
    }
    var missing: Set<String> = []
    var relations = 0
    for (asset, type) in Self.types {
      let steps = try cited(type).union(around)
      for technique in techniques where technique.targets(.targets).contains(asset) {
        relations += 1
        guard !steps.contains(technique.id), Self.elsewhere[technique.id] == nil else { continue }
        missing.insert("\(asset) \(technique.id)")
      }
    }
    #expect(relations > 600)
    #expect(missing.sorted() == Self.left.keys.sorted())
  }
}
