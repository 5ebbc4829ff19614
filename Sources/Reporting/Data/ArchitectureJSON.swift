import ArchitectureModel
import AssessmentPipeline
import EngineSupport
import ThreatKnowledge

/// The architecture as data: components, zones and flows by name, with the cells they were drawn as.
struct ArchitectureJSON {
  let result: AssessmentResult

  init(_ result: AssessmentResult) { self.result = result }

  private var architecture: ArchitectureGraph { result.architecture }

  var value: JSONValue {
    .object([
      ("components", .array(architecture.components.indices.map(component))),
      ("zones", .array(architecture.zones.map(zone))),
      ("flows", .array(architecture.flows.indices.map(flow))),
      ("conduits", .array(architecture.conduits.map(conduit))),
      ("openFlows", .array(architecture.openFlows.map(openFlow))),
    ])
  }

  private func component(_ index: Int) -> JSONValue {
    let component = architecture.components[index]
    let assets = result.bound.assetOfComponent
    let basis = assets.indices.contains(index) ? result.bound.basis[assets[index]].row.id : nil
    return .object([
      ("name", .string(component.name)), ("kind", .string(component.kind.rawValue)),
      ("kindBasis", .string(component.basis.sentence)),
      ("bindingRow", basis.map { .string($0) }),
      ("zone", component.zone.map { .string(architecture.zones[$0].name) }),
      ("enclosure", component.enclosure.map(name(ofComponent:))),
      (
        "attributes",
        .array(
          component.attributes.map {
            .object([("name", .string($0.name)), ("value", .string($0.value))])
          })
      ),
      ("drawn", .array(component.drawn.map(JSONTerms.cell))),
    ])
  }

  private func name(ofComponent index: Int) -> JSONValue {
    .string(architecture.components[index].name)
  }

  private func zone(_ zone: ArchitectureGraph.Zone) -> JSONValue {
    .object([
      ("name", .string(zone.name)),
      ("parent", zone.parent.map { .string(architecture.zones[$0].name) }),
      ("drawn", .array(zone.drawn.map(JSONTerms.cell))),
    ])
  }

  private func conduit(_ conduit: ArchitectureGraph.Conduit) -> JSONValue {
    .object([
      ("name", .string(conduit.name)), ("label", .string(conduit.label)),
      ("zones", .strings(conduit.zones.map { architecture.zones[$0].name })),
      ("guards", .array(conduit.guards.map(name(ofComponent:)))),
      ("drawn", .array(conduit.drawn.map(JSONTerms.cell))),
    ])
  }

  private func flow(_ index: Int) -> JSONValue {
    let flow = architecture.flows[index]
    let assets = result.bound.assetOfFlow
    let basis = (assets.indices.contains(index) ? assets[index] : nil).map {
      result.bound.basis[$0]
    }
    return .object([
      ("bindingRow", basis.map { .string($0.row.id) }),
      ("protocolNamedIn", basis?.namedIn.map { .string($0) }),
      ("name", .string(flow.name)), ("label", .string(flow.label)),
      ("source", name(ofComponent: flow.source)), ("target", name(ofComponent: flow.target)),
      ("bidirectional", .bool(flow.isBidirectional)), ("drawn", JSONTerms.cell(flow.drawn)),
    ])
  }

  private func openFlow(_ flow: ArchitectureGraph.OpenFlow) -> JSONValue {
    .object([
      ("label", .string(flow.label)), ("source", flow.source.map(name(ofComponent:))),
      ("target", flow.target.map(name(ofComponent:))), ("drawn", JSONTerms.cell(flow.drawn)),
    ])
  }
}
