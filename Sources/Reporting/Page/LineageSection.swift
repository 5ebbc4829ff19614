import AssessmentPipeline
import EngineSupport

/// Where each model says it comes from, and what its bytes say to that.
struct LineageSection: PageSection {
  static let anchor = "lineage"
  static let title = "Lineage"

  let result: AssessmentResult

  init(result: AssessmentResult, layout: any GraphLayout) { self.result = result }

  func content() -> [Markup] {
    let note = Fragment.note(
      "Verified: the bytes were hashed and agree. Contradicted: they were hashed and disagree. Declared: "
        + "the descriptor says so, and nothing here can check it. Missing: nobody says it.")
    return [note] + result.models.map(table)
      + FindingBox.all(of: .lineage, in: result).map { $0.render() }
  }

  private func table(_ model: ModelAssessment) -> Markup {
    Table(
      "Origin of model \(model.id)",
      [.init("About"), .init("Field"), .init("What is said"), .init("Status"), .init("Where")],
      rows: model.lineage.map { statement in
        [
          .text(statement.subject), .text(statement.field), .text(statement.value),
          tag("strong", [], .text(statement.status.rawValue)),
          statement.location.map(Fragment.place) ?? "–",
        ]
      }, whenEmpty: "no descriptor is given; nothing is known of the model's origin."
    ).render()
  }
}
