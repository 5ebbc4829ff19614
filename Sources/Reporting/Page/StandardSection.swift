import AssessmentPipeline

/// The note on what the press reports about a standard, and what this report does not state.
struct StandardSection: PageSection {
  static let anchor = "standard"
  static let title = "About the standard"

  init(result: AssessmentResult, layout: any GraphLayout) {}

  func content() -> [Markup] { Wording.standard.map(Fragment.paragraph) }
}
