import ArchitectureModel
import AttackGraphs
import EngineSupport
import ThreatKnowledge
import ThreatLanguage

/// Judges components against the requirements of IEC 62443-4-2 that their target level asks for.
///
/// A requirement is met where every part of the component that has defences implementing it (the component itself,
/// what runs in it, and the connections it sends or receives on) has one of them in place. A defence implements what
/// its `cr` text names, and counts as in place when the product file states it with at least `threshold`.
/// A demonstrated attack refutes what its step's `refutes` text names.
struct SecurityLevelJudge {
  /// How sure the product file must be of a defence.
  static let threshold = 0.9
  /// The catalogue that holds the requirements.
  static let catalogueID = "iec62443-4-2"

  let product: ProductFile
  let architecture: ArchitectureGraph
  let graph: ProductGraph
  let defenses: [DefenseStatement]
  let catalogue: KnowledgeCatalogue

  private struct Row {
    var entry: CatalogueEntry
    var requirement: SecurityLevelVector.Requirement
    var level: Int
  }

  func levels() throws(Diagnostic) -> SecurityLevels {
    let targets = try self.targets()
    let rows = self.rows
    var components: [ComponentLevel] = []
    for index in architecture.components.indices {
      let component = architecture.components[index]
      guard let target = targets.components[index], let type = ComponentType(of: component.kind)
      else { continue }
      components.append(
        ComponentLevel(
          component: component.name, type: type, target: target,
          requirements: rows[type, default: []].map { status(of: $0, at: index) }))
    }
    return SecurityLevels(
      components: components, zones: zones(targets.zones, components),
      catalogue: "\(catalogue.id) \(catalogue.version), SHA-256 \(catalogue.digest.hexadecimal)")
  }

  // MARK: - Targets

  private func targets() throws(Diagnostic) -> (
    components: [Int: SecurityLevelVector], zones: [Int: SecurityLevelVector]
  ) {
    var zones: [Int: SecurityLevelVector] = [:]
    for zone in product.zones {
      guard let target = zone.targetLevel else { continue }
      zones[try architecture.zone(called: zone.drawn, at: zone.location)] = target
    }
    var components: [Int: SecurityLevelVector] = [:]
    for (index, component) in architecture.components.enumerated() {
      var zone = component.zone
      while let place = zone, zones[place] == nil { zone = architecture.zones[place].parent }
      components[index] = zone.flatMap { zones[$0] }
    }
    for component in product.components {
      guard let target = component.targetLevel else { continue }
      let index = try architecture.component(
        called: component.declaration.drawn, at: component.declaration.location)
      components[index] = target
    }
    return (components, zones)
  }

  private func zones(
    _ targets: [Int: SecurityLevelVector], _ levels: [ComponentLevel]
  ) -> [ZoneLevel] {
    let levelOf = Dictionary(
      levels.map { ($0.component, $0) }, uniquingKeysWith: { first, _ in first })
    return targets.keys.sorted().map { zone in
      let inside = architecture.components.filter { isIn(zone, $0.zone) }
        .compactMap { levelOf[$0.name] }
      return ZoneLevel(
        zone: architecture.zones[zone].name, target: targets[zone] ?? SecurityLevelVector(0),
        achieved: Self.weakest(inside.map { $0.achieved(withEvidenceOnly: false) }),
        achievedWithEvidence: Self.weakest(inside.map { $0.achieved(withEvidenceOnly: true) }),
        components: inside.map(\.component))
    }
  }

  private func isIn(_ zone: Int, _ inner: Int?) -> Bool {
    var place = inner
    while let current = place {
      if current == zone { return true }
      place = architecture.zones[current].parent
    }
    return false
  }

  private static func weakest(_ vectors: [SecurityLevelVector]) -> SecurityLevelVector {
    guard var least = vectors.first else { return SecurityLevelVector(0) }
    for vector in vectors.dropFirst() {
      for requirement in SecurityLevelVector.Requirement.allCases {
        least[requirement] = min(least[requirement], vector[requirement])
      }
    }
    return least
  }

  // MARK: - Requirements

  private var rows: [ComponentType: [Row]] {
    var rows: [ComponentType: [Row]] = [:]
    for entry in catalogue.entries where entry.kind == .requirement || entry.kind == .enhancement {
      guard let level = entry.values("slC").first.flatMap({ Int($0) }), (1...4).contains(level),
        let requirement = Self.requirement(of: entry.id)
      else { continue }
      for name in entry.values("componentTypes") {
        guard let type = ComponentType(rawValue: name) else { continue }
        rows[type, default: []].append(Row(entry: entry, requirement: requirement, level: level))
      }
    }
    return rows
  }

  /// The number before the dot: `CR 3.1 RE(1)` belongs to the third foundational requirement.
  private static func requirement(of id: String) -> SecurityLevelVector.Requirement? {
    guard let dot = id.firstIndex(of: "."), dot > id.startIndex,
      let number = id[id.index(before: dot)].wholeNumberValue
    else { return nil }
    return SecurityLevelVector.Requirement(rawValue: number)
  }

  private func status(of row: Row, at component: Int) -> RequirementStatus {
    var names: [String] = []
    var missing: [String] = []
    var weakest = RequirementStatus.State.supported
    for asset in parts(of: component) {
      let steps = graph.graph.steps(of: asset).filter { implements($0, row.entry.id) }
      guard !steps.isEmpty else { continue }
      names += steps.map(graph.graph.name(of:))
      switch best(steps) {
      case .supported: break
      case .claimed: if weakest == .supported { weakest = .claimed }
      case .unknown:
        weakest = .open
        missing += steps.map(graph.graph.name(of:))
      }
    }
    let runs = refutations(of: row.entry.id, at: component)
    return RequirementStatus(
      id: row.entry.id, name: row.entry.title, requirement: row.requirement, level: row.level,
      state: !runs.isEmpty ? .refuted : names.isEmpty ? .notJudged : weakest, defenses: names,
      missing: missing, testRuns: runs)
  }

  /// The component's asset, what runs in it, and the flows at its ends; ascending.
  private func parts(of component: Int) -> [Int] {
    let own = graph.bound.assetOfComponent[component]
    var parts: Set<Int> = [own]
    for link in graph.bound.model.links {
      switch link.association {
      case "Runs" where link.left == own: parts.insert(link.right)
      case "Sends" where link.left == own, "Receives" where link.left == own:
        parts.insert(link.right)
      default: break
      }
    }
    return parts.sorted()
  }

  private func implements(_ step: AttackGraph.StepID, _ id: String) -> Bool {
    guard graph.graph.kind(of: step) == .defense else { return false }
    return names(graph.graph.type(of: step), "cr").contains(id)
  }

  private func names(_ type: StepType, _ key: String) -> [String] {
    type.meta.filter { $0.key == key }.flatMap { meta in
      meta.text.split(separator: ",").map { $0.drop { $0 == " " } }.map(String.init)
    }
  }

  /// The best state of several defences that implement the same requirement.
  private func best(_ steps: [AttackGraph.StepID]) -> DefenseStatement.State {
    var best = DefenseStatement.State.unknown
    for statement in defenses where statement.claim.inPlace >= Self.threshold {
      guard
        steps.contains(where: { step in
          graph.graph.asset(of: step) == statement.asset
            && graph.graph.type(of: step).name == statement.claim.name
        })
      else { continue }
      if statement.state == .supported { return .supported }
      best = .claimed
    }
    return best
  }

  private func refutations(of id: String, at component: Int) -> [String] {
    let parts = parts(of: component)
    return graph.graph.measurements.sorted { $0.key < $1.key }.compactMap { step, measured in
      guard measured.lower > 0, parts.contains(graph.graph.asset(of: step)),
        names(graph.graph.type(of: step), "refutes").contains(id)
      else { return nil }
      return measured.testRun
    }
  }
}
