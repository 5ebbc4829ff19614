import ArchitectureModel
import AssessmentPipeline
import DiagramImport
import EngineSupport
import ThreatKnowledge

/// What an assessment did not take over as it was drawn, as data.
enum LeftOutJSON {
  static func value(_ result: AssessmentResult) -> JSONValue {
    .object([
      ("diagrams", .array(result.diagrams.map(diagram))),
      (
        "assumptions",
        .array(
          UsedAssumption.all(in: result).map {
            .object([
              ("row", .string($0.row.id)), ("drawn", .string($0.row.drawn)),
              ("assumption", .string($0.assumption)), ("assets", .strings($0.assets)),
            ])
          })
      ),
    ])
  }

  private static func diagram(_ diagram: ImportedDiagram) -> JSONValue {
    let totals = diagram.ledger.totals
    return .object([
      ("document", .string(diagram.draft.document)), ("format", .string(diagram.format.name)),
      ("elements", .integer(diagram.ledger.rows.count)), ("imported", .integer(totals.imported)),
      ("merged", .integer(totals.merged)), ("leftOut", .integer(totals.leftOut)),
      ("reconciles", .bool(diagram.discrepancies().isEmpty)),
      (
        "rows",
        .array(diagram.ledger.rows.filter { $0.outcome != .imported }.map(\.json))
      ),
    ])
  }
}
