public import EngineSupport
public import ThreatLanguage

/// Which techniques, weaknesses and requirements a threat language cites, and which it leaves out on purpose.
public struct LanguageCoverage: Sendable {
  /// A family of references: the key of the meta text that cites them.
  public enum Family: String, Sendable, Hashable, CaseIterable {
    /// ATT&CK for ICS techniques.
    case attack
    /// MITRE ATLAS techniques.
    case atlas
    /// Mitigations of MITRE ATLAS.
    case atlasMitigation
    case capec
    /// Requirements of IEC 62443-4-2 with their enhancements.
    case cr
    case cwe
    /// Controls of ISO/IEC 42001 Annex A.
    case iso42001
    /// Mitigations of ATT&CK for ICS.
    case mitigation
    /// Attacks of NIST AI 100-2.
    case nist
  }

  /// One reference with the steps that cite it.
  public struct Row: Sendable, Hashable {
    public var id: String
    /// `Asset.step`, each where it is declared, in the order of the language.
    public var steps: [String]
    /// Why no step cites it; `nil` where one does, or where nobody says.
    public var reason: String?
  }

  private var cited: [Family: [String: [String]]] = [:]
  private var reasons: [Family: [String: String]] = [:]
  /// Why a defence removes no path in any sample, by `Asset.defence`.
  public private(set) var defenseReasons: [String: String] = [:]

  /// `notModelled` is JSON as `IndustrialLanguage.notModelled` has it. Throws what is wrong with its form.
  public init(
    of language: CompiledLanguage, notModelled: InputDocument
  ) throws(Diagnostic) {
    for type in language.assetTypes {
      for step in type.steps where step.declaredIn == type.name {
        for meta in step.meta {
          guard let family = Family(rawValue: meta.key) else { continue }
          for id in Self.ids(meta.text) {
            cited[family, default: [:]][id, default: []].append("\(type.name).\(step.name)")
          }
        }
      }
    }
    let root = try JSONParser.parse(notModelled)
    for (key, member) in (root.members ?? []).map({ ($0.key, $0.value) }) {
      for entry in member.members ?? [] {
        guard let reason = entry.value.string, !reason.isEmpty else {
          throw Diagnostic(
            "knowledge.not-modelled.reason", "\"\(entry.key)\" has no reason",
            at: entry.value.location)
        }
        if let family = Family(rawValue: key) {
          reasons[family, default: [:]][entry.key] = reason
        } else if key == "defences" {
          defenseReasons[entry.key] = reason
        } else {
          throw Diagnostic(
            "knowledge.not-modelled.family", "\"\(key)\" is no family of references",
            at: member.location)
        }
      }
    }
  }

  /// The ids in a meta text: they stand with commas between them.
  public static func ids(_ text: String) -> [String] {
    text.split(separator: ",").map { part in
      String(part.drop { $0 == " " })
    }
  }

  /// Every id that is cited or left out with a reason, sorted by its text.
  public func rows(_ family: Family) -> [Row] {
    let cited = cited[family] ?? [:]
    let reasons = reasons[family] ?? [:]
    return Set(cited.keys).union(reasons.keys).sorted().map {
      Row(id: $0, steps: cited[$0] ?? [], reason: reasons[$0])
    }
  }

  public func citedIDs(_ family: Family) -> Set<String> { Set((cited[family] ?? [:]).keys) }
  public func excusedIDs(_ family: Family) -> Set<String> { Set((reasons[family] ?? [:]).keys) }
}
