import ArchitectureModel
import AssessmentPipeline
import EngineSupport
import ThreatKnowledge
import ThreatLanguage

/// The product with both fronts in one picture, and the tables behind it.
struct ArchitectureSection: PageSection {
  static let anchor = "architecture"
  static let title = "Architecture and both fronts"

  let result: AssessmentResult
  let layout: any GraphLayout

  func content() throws -> [Markup] {
    [try picture(), entries, consequences, components, flows] + conduits
  }

  private func picture() throws -> Markup {
    guard let picture = FusedGraphPicture(result) else {
      return Fragment.note(
        "No picture is drawn: the architecture has \(result.architecture.components.count) components and "
          + "\(result.architecture.flows.count) flows; pictures hold 1 to "
          + "\(FusedGraphPicture.elementsAtMost).")
    }
    return Fragment.figure(
      try picture.render(layout: layout),
      caption:
        "The architecture as imported. Coloured lines and outlines lie on the best path of a finding; "
        + "the front is the one from which that path reaches them.")
  }

  private var entries: Markup {
    Table(
      "Entry points, from the product file",
      [
        .init("Mark"), .init("Entry point"), .init("Front"), .init("Component and step"),
        .init("Why"),
      ],
      rows: result.product.entryPoints.enumerated().map { index, entry in
        [
          .text("E\(index + 1)"), .text(entry.id), .text(entry.front.rawValue),
          .group([.text(entry.component + ": "), Fragment.code(entry.step)]), .text(entry.reason),
        ]
      }, style: "marked"
    ).render()
  }

  private var consequences: Markup {
    Table(
      "Consequences that matter, from the product file",
      [
        .init("Mark"), .init("Consequence"), .init("Severity"), .init("Component"),
        .init("Description"),
      ],
      rows: result.product.consequences.enumerated().map { index, consequence in
        [
          .text("C\(index + 1)"), .text(consequence.id), Fragment.severity(consequence.severity),
          .text(consequence.component), .text(consequence.description),
        ]
      }, style: "marked"
    ).render()
  }

  private var flows: Markup {
    Table(
      "Connections, and what the binding table makes of them",
      [
        .init("From"), .init("To"), .init("Label"), .init("Becomes"), .init("Protocol named in"),
      ],
      rows: result.architecture.flows.indices.map { index in
        let flow = result.architecture.flows[index]
        let assets = result.bound.assetOfFlow
        let asset = assets.indices.contains(index) ? assets[index] : nil
        let components = result.architecture.components
        return [
          .text(components[flow.source].name), .text(components[flow.target].name),
          .text(flow.label),
          asset.map { asset in
            .group([
              Fragment.code(result.bound.model.assets[asset].type),
              Fragment.small("row \(result.bound.basis[asset].row.id)"),
            ])
          } ?? "a relation, no flow",
          .text(asset.flatMap { result.bound.basis[$0].namedIn } ?? "nothing"),
        ]
      }
    ).render()
  }

  private var conduits: [Markup] {
    guard !result.architecture.conduits.isEmpty else { return [] }
    let architecture = result.architecture
    return [
      Table(
        "Ways between zones",
        [.init("Conduit"), .init("Zones"), .init("Through")],
        rows: architecture.conduits.map { conduit in
          [
            .text(conduit.name),
            .text(conduit.zones.map { architecture.zones[$0].name }.joined(separator: ", ")),
            .text(
              conduit.guards.isEmpty
                ? "nothing drawn"
                : conduit.guards.map { architecture.components[$0].name }.joined(separator: ", ")),
          ]
        }
      ).render()
    ]
  }

  private var components: Markup {
    Table(
      "Components",
      [
        .init("Component"), .init("Kind"), .init("How the kind is known"), .init("Zone"),
        .init("Drawn as"),
      ],
      rows: result.architecture.components.map { component in
        [
          .text(component.name), .text(component.kind.rawValue), .text(component.basis.sentence),
          .text(component.zone.map { result.architecture.zones[$0].name } ?? "none"),
          .group(component.drawn.map { DrawnCells.line($0, in: result) }),
        ]
      }
    ).render()
  }
}
