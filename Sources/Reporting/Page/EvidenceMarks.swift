import AssessmentPipeline

/// How the page refers to evidence: `#12`, linked to its row in the index.
enum EvidenceMarks {
  /// `#1–#7, #9`, or a dash where there is none.
  static func all(of finding: Finding, in index: EvidenceIndex) -> Markup {
    let runs = index.runs(of: finding)
    guard !runs.isEmpty else { return "–" }
    return .group(
      runs.enumerated().flatMap { place, run in
        (place == 0 ? [] : [", "]) + marks(run)
      })
  }

  /// The mark as it stands at its row: what links lead to.
  static func target(_ number: Int) -> Markup {
    tag("span", [attribute("id", anchor(number))], .text("#\(number)"))
  }

  private static func marks(_ run: ClosedRange<Int>) -> [Markup] {
    switch run.count {
    case 1: [link(run.lowerBound)]
    case 2: [link(run.lowerBound), ", ", link(run.upperBound)]
    default: [tag("span", class: "nowrap", link(run.lowerBound), "–", link(run.upperBound))]
    }
  }

  private static func link(_ number: Int) -> Markup {
    tag("a", [attribute("href", "#" + anchor(number))], .text("#\(number)"))
  }

  private static func anchor(_ number: Int) -> String { "evidence-\(number)" }
}
