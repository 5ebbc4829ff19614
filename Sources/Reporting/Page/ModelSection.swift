import AssessmentPipeline
import ModelTesting

/// What the tests of each model showed, how far they can be trusted, and what was not tested.
struct ModelSection: PageSection {
  static let anchor = "models"
  static let title = "Model tests"

  let result: AssessmentResult

  init(result: AssessmentResult, layout: any GraphLayout) { self.result = result }

  func content() -> [Markup] {
    guard !result.models.isEmpty else { return [Fragment.note("The product file names no model.")] }
    return [Fragment.note(ModelParts.note)]
      + result.models.enumerated().flatMap { Self.parts(of: $1, number: $0 + 1).render() }
      + FindingBox.all(of: .modelTest, in: result).map { $0.render() }
  }

  static func parts(of model: ModelAssessment, number: Int) -> ModelParts {
    ModelParts(
      name: model.id, suffix: "\(number)",
      facts: [
        ("File", model.file.name), ("In the attack graph", model.asset),
        ("Evaluation data", model.evaluation?.name ?? "none given"),
      ] + ModelParts.rows(of: model.facts), shape: model.facts.inputShape, run: model.run,
      campaigns: model.tests.map { ShownCampaign($0, of: model) }, notTested: model.notTested)
  }
}
