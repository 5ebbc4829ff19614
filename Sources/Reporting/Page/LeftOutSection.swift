import ArchitectureModel
import AssessmentPipeline
import DiagramImport
import EngineSupport
import ThreatKnowledge

/// What the assessment did not take over as it was drawn or given, each with its reason.
struct LeftOutSection: PageSection {
  static let anchor = "left-out"
  static let title = "What was left out, and why"
  /// More rows are counted, and listed in `threat-model.json` only.
  private static let rowsAtMost = 500

  let result: AssessmentResult

  init(result: AssessmentResult, layout: any GraphLayout) { self.result = result }

  func content() -> [Markup] {
    [totals] + result.diagrams.flatMap(rows) + [openFlows, assumptions, diagnostics]
      + FindingBox.all(of: .drawing, in: result).map { $0.render() }
  }

  private var totals: Markup {
    Table(
      "Every element of every diagram has one outcome",
      [
        .init("Diagram"), .init("Elements", isNumber: true), .init("Imported", isNumber: true),
        .init("Merged", isNumber: true), .init("Left out", isNumber: true), .init("Sum agrees"),
      ],
      rows: result.diagrams.map { diagram in
        let totals = diagram.ledger.totals
        let gaps = diagram.discrepancies()
        return [
          .text(diagram.draft.document), .text("\(diagram.ledger.rows.count)"),
          .text("\(totals.imported)"), .text("\(totals.merged)"), .text("\(totals.leftOut)"),
          .text(gaps.isEmpty ? "yes" : "no: " + gaps.joined(separator: "; ")),
        ]
      }
    ).render()
  }

  private func rows(of diagram: ImportedDiagram) -> [Markup] {
    let rows = diagram.ledger.rows.filter { $0.outcome != .imported }
    let table = Table(
      "Not imported as elements of their own: \(diagram.draft.document)",
      [.init("Cell"), .init("What it is"), .init("Outcome"), .init("Reason"), .init("Where")],
      rows: rows.prefix(Self.rowsAtMost).map { row in
        [
          Fragment.code(row.id), .text(Self.title(of: row.kind)), .text(Self.outcome(row.outcome)),
          .text(row.reason ?? ""), Fragment.line(row.location),
        ]
      }
    ).render()
    guard rows.count > Self.rowsAtMost else { return [table] }
    return [
      table,
      Fragment.note(
        "\(rows.count - Self.rowsAtMost) further rows are in threat-model.json under leftOut."),
    ]
  }

  private var openFlows: Markup {
    let components = result.architecture.components
    func name(_ index: Int?) -> String { index.map { components[$0].name } ?? "no component" }
    return Table(
      "Drawn lines that join no two components, and so carry no attack",
      [.init("Label"), .init("From"), .init("To"), .init("Drawn as")],
      rows: result.architecture.openFlows.map { flow in
        [
          .text(flow.label.isEmpty ? "no label" : flow.label), .text(name(flow.source)),
          .text(name(flow.target)), DrawnCells.line(flow.drawn, in: result),
        ]
      }
    ).render()
  }

  private var assumptions: Markup {
    Table(
      "Taken for granted when drawn things became assets",
      [.init("Binding row"), .init("Assumption"), .init("Applied to")],
      rows: UsedAssumption.all(in: result).map { used in
        [
          Fragment.code(used.row.id), .text(used.assumption),
          .text(used.assets.joined(separator: ", ")),
        ]
      }
    ).render()
  }

  private var diagnostics: Markup {
    Table(
      "Warnings and notes of all stages",
      [.init("Code"), .init("Severity"), .init("Message"), .init("Where")],
      rows: result.diagnostics.map { diagnostic in
        [
          Fragment.code(diagnostic.code.name), .text(diagnostic.severity.rawValue),
          .group(
            [.text(diagnostic.message)] + (diagnostic.hint.map { [Fragment.small($0)] } ?? [])),
          diagnostic.location.map(Fragment.place) ?? "–",
        ]
      }
    ).render()
  }

  private static func outcome(_ outcome: ImportLedger.Outcome) -> String {
    switch outcome {
    case .imported: "imported"
    case .merged(let target): "merged into \(target)"
    case .leftOut: "left out"
    }
  }

  private static func title(of kind: ImportLedger.Kind) -> String {
    switch kind {
    case .root: "root"
    case .layer: "layer"
    case .vertex: "box"
    case .edgeLabel: "label of a line"
    case .edge: "line"
    case .plainCell: "plain cell"
    case .misplacedCell: "misplaced cell"
    case .libraryCell: "library cell"
    case .unknownElement: "unknown element"
    }
  }
}
