import EngineSupport

/// Goes over the objects of a STIX bundle: things first, then the relations between them.
struct STIXReading {
  /// A matrix of ATT&CK.
  struct Domain: Hashable {
    var id: String
    var title: String

    static let all: [String: Domain] = [
      "enterprise-attack": Domain(id: "attack-enterprise", title: "MITRE ATT&CK for Enterprise"),
      "ics-attack": Domain(id: "attack-ics", title: "MITRE ATT&CK for ICS"),
      "mobile-attack": Domain(id: "attack-mobile", title: "MITRE ATT&CK for Mobile"),
    ]
  }

  /// STIX types that become entries, in the catalogue's order.
  static let kinds: [(type: String, kind: CatalogueEntry.Kind)] = [
    ("x-mitre-tactic", .tactic), ("attack-pattern", .technique), ("x-mitre-asset", .asset),
    ("course-of-action", .mitigation), ("x-mitre-detection-strategy", .detection),
    ("intrusion-set", .group), ("malware", .software), ("tool", .software),
    ("campaign", .campaign),
  ]

  private static let relationKinds: [String: CatalogueRelationKind] = [
    "attributed-to": .attributedTo, "detects": .detects, "mitigates": .mitigates,
    "revoked-by": .revokedBy, "subtechnique-of": .parent, "targets": .targets, "uses": .uses,
  ]

  private static let kindOfType = Dictionary(
    kinds.map { ($0.type, $0.kind) }, uniquingKeysWith: { first, _ in first })

  private let objects: [JSONValue]
  private(set) var builder: CatalogueBuilder
  /// The matrix that the bundle's own matrix object names.
  private(set) var domain: Domain?
  /// ATT&CK identifier of each STIX identifier.
  private var names: [String: String] = [:]
  private var tactics: [String: String] = [:]
  private var relations: [String: Set<CatalogueEntry.Relation>] = [:]

  init(document: String, objects: [JSONValue]) {
    self.objects = objects
    builder = CatalogueBuilder(document: document)
  }

  mutating func read(reportingTo diagnostics: inout Diagnostics) throws(Diagnostic) {
    for object in objects {
      let type = object["type"]?.string ?? ""
      if type == "x-mitre-matrix", domain == nil {
        domain = Self.attackID(of: object).flatMap { Domain.all[$0] }
      }
      guard Self.kindOfType[type] != nil else { continue }
      guard let stix = object["id"]?.string, let id = Self.attackID(of: object) else {
        builder.leaveOut(
          "a \(type) without an identifier of ATT&CK", at: object.location,
          reportingTo: &diagnostics)
        continue
      }
      names[stix] = id
      if type == "x-mitre-tactic", let short = object["x_mitre_shortname"]?.string {
        tactics[short] = id
      }
    }
    for object in objects where object["type"]?.string == "relationship" {
      relate(object, reportingTo: &diagnostics)
    }
    let orders = tacticOrders()
    for object in objects {
      guard let kind = Self.kindOfType[object["type"]?.string ?? ""],
        let stix = object["id"]?.string, let id = names[stix]
      else { continue }
      guard let name = object["name"]?.string else {
        builder.leaveOut("\(id) has no name", at: object.location, reportingTo: &diagnostics)
        continue
      }
      let phases = (object["kill_chain_phases"]?.elements ?? []).compactMap {
        $0["phase_name"]?.string.flatMap { tactics[$0] }
      }
      var related = relations[stix] ?? []
      for tactic in phases { related.insert(CatalogueEntry.Relation(.tactic, tactic)) }
      for label in Self.requirements(in: object) {
        related.insert(CatalogueEntry.Relation(.mappedTo, label))
      }
      try builder.add(
        CatalogueEntry(
          id: id, kind: kind, name: name,
          attributes: Self.attributes(of: object, order: orders[stix]),
          relations: related.sorted {
            ($0.kind.rawValue, $0.target) < ($1.kind.rawValue, $1.target)
          },
          flags: Self.flags(of: object)),
        at: object.location, reportingTo: &diagnostics)
    }
  }

  private mutating func relate(
    _ object: JSONValue, reportingTo diagnostics: inout Diagnostics
  ) {
    guard Self.flags(of: object).isEmpty,
      let kind = object["relationship_type"]?.string.flatMap({ Self.relationKinds[$0] })
    else { return }
    guard let source = object["source_ref"]?.string, let target = object["target_ref"]?.string
    else {
      builder.leaveOut(
        "a relationship without two ends", at: object.location, reportingTo: &diagnostics)
      return
    }
    // Analytics and data components are no entries, so relations of theirs are none either.
    guard names[source] != nil, let other = names[target] else { return }
    relations[source, default: []].insert(CatalogueEntry.Relation(kind, other))
  }

  /// The place of each tactic in its matrix, from 1.
  private func tacticOrders() -> [String: Int] {
    let matrix = objects.first { $0["type"]?.string == "x-mitre-matrix" }
    let references = matrix?["tactic_refs"]?.elements ?? []
    return Dictionary(
      references.enumerated().compactMap { index, value in value.string.map { ($0, index + 1) } },
      uniquingKeysWith: { first, _ in first })
  }
}

/// What single properties of an ATT&CK object say.
extension STIXReading {
  private static let sources: Set = [
    "mitre-attack", "mitre-ics-attack", "mitre-mobile-attack",
  ]

  private static func attackID(of object: JSONValue) -> String? {
    (object["external_references"]?.elements ?? []).first {
      $0["source_name"]?.string.map(sources.contains) == true
    }?["external_id"]?.string
  }

  private static func flags(of object: JSONValue) -> [CatalogueEntry.Flag] {
    (object["revoked"]?.bool == true ? [.revoked] : [])
      + (object["x_mitre_deprecated"]?.bool == true ? [.deprecated] : [])
  }

  private static func attributes(
    of object: JSONValue, order: Int?
  ) -> [CatalogueEntry.Attribute] {
    func strings(_ key: String) -> [String] {
      (object[key]?.elements ?? []).compactMap(\.string)
    }
    let name = object["name"]?.string
    let related = (object["x_mitre_related_assets"]?.elements ?? []).compactMap {
      $0["name"]?.string
    }
    let aliases = (strings("aliases") + strings("x_mitre_aliases")).filter { $0 != name }
    let labels = strings("labels").filter { $0.contains("800-53") }
    let days = ["first_seen", "last_seen"].map { object[$0]?.string.map { String($0.prefix(10)) } }
    let all: [(String, [String])] = [
      ("order", order.map { [String($0)] } ?? []),
      ("shortName", [object["x_mitre_shortname"]?.string].compactMap(\.self)),
      ("sectors", strings("x_mitre_sectors")), ("alsoCalled", aliases + related),
      ("firstSeen", [days[0]].compactMap(\.self)), ("lastSeen", [days[1]].compactMap(\.self)),
      ("nist80053", labels.compactMap(labelled)),
    ]
    return all.filter { !$1.isEmpty }.map { CatalogueEntry.Attribute($0, $1) }
  }

  /// Rows of IEC 62443 in labels such as “IEC 62443-4-2:2019 - CR 2.1”.
  private static func requirements(in object: JSONValue) -> [String] {
    (object["labels"]?.elements ?? []).compactMap { label in
      guard let text = label.string, text.hasPrefix("IEC 62443-") else { return nil }
      return labelled(text)
    }
  }

  private static func labelled(_ label: String) -> String? {
    let words = label.split(separator: " ")
    guard let dash = words.lastIndex(of: "-"), dash + 1 < words.endIndex else { return nil }
    return words[(dash + 1)...].joined(separator: " ")
  }
}
