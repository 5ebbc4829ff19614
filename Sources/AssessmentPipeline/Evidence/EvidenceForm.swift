import AttackGraphs
import EngineSupport
import ThreatKnowledge
import ThreatLanguage

/// Catalogues, instance models and attack graphs in the canonical form that evidence hashes.
enum EvidenceForm {
  static func value(of knowledge: KnowledgeBase) -> JSONValue {
    .array(
      knowledge.catalogues.map { catalogue in
        .object([
          ("id", .string(catalogue.id)), ("version", .string(catalogue.version)),
          ("sha256", .string(catalogue.digest.hexadecimal)),
        ])
      })
  }

  static func value(of model: InstanceModel) -> JSONValue {
    .object([
      (
        "assets",
        .array(
          model.assets.map { asset in
            let defenses = asset.defenses.sorted { $0.key < $1.key }
            return .object([
              ("name", .string(asset.name)), ("type", .string(asset.type)),
              (
                "defenses",
                .object(defenses.map { ($0.key, .string(DecimalText.exact($0.value))) })
              ),
            ])
          })
      ),
      (
        "links",
        .array(
          model.links.map {
            .array([.string($0.association), .integer($0.left), .integer($0.right)])
          })
      ),
    ])
  }

  static func value(of graph: AttackGraph) -> JSONValue {
    .array(
      graph.steps.indices.map { id in
        let step = graph.steps[id]
        return .object([
          ("name", .string(graph.name(of: id))), ("kind", .string(step.type.kind.rawValue)),
          ("prior", .string(DecimalText.exact(step.prior))),
          ("measured", step.measured.map { .string(DecimalText.exact($0.rate)) }),
          ("viable", .bool(step.isViable)),
          ("parents", .array(graph.parents(of: id).map { .integer(Int($0)) })),
        ])
      })
  }
}
