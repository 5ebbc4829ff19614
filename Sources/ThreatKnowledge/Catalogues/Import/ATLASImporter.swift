public import EngineSupport
import YAMLDocuments

/// Imports MITRE ATLAS as its project publishes it: `ATLAS.yaml` with its matrix and case studies.
public struct ATLASImporter: CatalogueImporter {
  public static let title = "ATLAS.yaml of MITRE ATLAS"

  /// Lists of the file that are read, and what their elements are.
  private static let lists: [(key: String, kind: CatalogueEntry.Kind)] = [
    ("tactics", .tactic), ("techniques", .technique), ("mitigations", .mitigation),
    ("case-studies", .caseStudy),
  ]

  public static func recognizes(_ document: InputDocument) -> Bool {
    !document.startsAsObject && document.head(contains: "matrices:")
  }

  public init() {}

  public func catalogue(
    in document: InputDocument, digest: ContentDigest, reportingTo diagnostics: inout Diagnostics
  ) throws(Diagnostic) -> KnowledgeCatalogue {
    let root = try YAMLText.value(of: document)
    let version = try text(root, "version")
    guard let matrices = root["matrices"]?.elements else {
      throw wrong("\"matrices\" is a list", at: root)
    }
    var builder = CatalogueBuilder(document: document.name)
    let inherited = inheritedTactics(matrices)
    for matrix in matrices + [root] {
      for (key, kind) in Self.lists {
        for (index, value) in (matrix[key]?.elements ?? []).enumerated() {
          guard let entry = entry(value, kind, order: index + 1, inherited) else {
            builder.leaveOut(
              "an element of \"\(key)\" without \"id\" or \"name\"", at: value.location,
              reportingTo: &diagnostics)
            continue
          }
          try builder.add(entry, at: value.location, reportingTo: &diagnostics)
        }
      }
    }
    guard !builder.entries.isEmpty else { throw wrong("the file names nothing", at: root) }
    return KnowledgeCatalogue(
      id: "atlas", title: "MITRE ATLAS", version: version, source: document.name,
      licence: "Apache-2.0, Copyright MITRE", digest: digest, origin: .imported(document.name),
      entries: builder.sorted(by: Self.lists.map(\.kind)))
  }

  /// Tactics by identifier of a technique: the file does not repeat them at its sub-techniques.
  private func inheritedTactics(_ matrices: [JSONValue]) -> [String: [String]] {
    let techniques = matrices.flatMap { $0["techniques"]?.elements ?? [] }
    return Dictionary(
      techniques.compactMap { value in value["id"]?.string.map { ($0, texts(value["tactics"])) } },
      uniquingKeysWith: { first, _ in first })
  }

  private func entry(
    _ value: JSONValue, _ kind: CatalogueEntry.Kind, order: Int, _ inherited: [String: [String]]
  ) -> CatalogueEntry? {
    guard let id = value["id"]?.string, let name = value["name"]?.string else { return nil }
    var attributes: [CatalogueEntry.Attribute] = []
    func attribute(_ key: String, _ values: [String]) {
      if !values.isEmpty { attributes.append(CatalogueEntry.Attribute(key, values)) }
    }
    if kind == .tactic { attribute("order", [String(order)]) }
    attribute("maturity", texts(value["maturity"]))
    attribute("category", texts(value["category"]))
    let stages = value["ml-lifecycle"]?.elements ?? []
    attribute("lifeCycle", stages.compactMap(\.string))
    attribute("type", texts(value["case-study-type"]))
    var relations: [CatalogueEntry.Relation] = []
    func relate(_ kind: CatalogueRelationKind, _ targets: [String]) {
      for target in Set(targets).sorted() {
        relations.append(CatalogueEntry.Relation(kind, target))
      }
    }
    let parents = texts(value["subtechnique-of"])
    relate(.parent, parents)
    let tactics = texts(value["tactics"])
    relate(.tactic, tactics.isEmpty ? parents.flatMap { inherited[$0] ?? [] } : tactics)
    if kind == .mitigation {
      // Release 5.6 has two of these relations among the life-cycle stages.
      relate(.mitigates, texts(value["techniques"]) + stages.compactMap { $0["id"]?.string })
    }
    let steps = value["procedure"]?.elements ?? []
    relate(.uses, steps.compactMap { $0["technique"]?.string })
    relate(.refersTo, texts(value["ATT&CK-reference"]))
    return CatalogueEntry(
      id: id, kind: kind, name: name, attributes: attributes, relations: relations)
  }

  /// A text, a list of texts, or what has an `id`.
  private func texts(_ value: JSONValue?) -> [String] {
    switch value?.kind {
    case .string(let text): [text]
    case .array(let elements): elements.compactMap { $0.string ?? $0["id"]?.string }
    case .object: [value?["id"]?.string].compactMap(\.self)
    default: []
    }
  }

  private func text(_ value: JSONValue, _ key: String) throws(Diagnostic) -> String {
    guard let text = value[key]?.string else { throw wrong("\"\(key)\" is missing", at: value) }
    guard let problem = CatalogueLimits.problem(of: text) else { return text }
    throw wrong("\"\(key)\": \(problem)", at: value)
  }

  private func wrong(_ message: String, at value: JSONValue) -> Diagnostic {
    Diagnostic("knowledge.atlas.malformed", message, at: value.location)
  }
}
