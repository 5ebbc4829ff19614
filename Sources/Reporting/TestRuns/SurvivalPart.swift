import EngineSupport
import ModelTesting
import TensorCore

/// How many right answers disturbances leave right, by their severity: pictures, and the same figures as a table.
struct SurvivalPart {
  let title: String
  /// What the first column lists.
  let kind: String
  let reason: String
  let ladders: [Ladder]
  let isDetector: Bool

  /// One disturbance at one place, over the steps of its ladder.
  struct Ladder {
    var disturbance: String
    var place: String
    /// In the order of the run; severities are distinct.
    var rows: [SurvivalRow]

    var label: String { place.isEmpty ? disturbance : "\(disturbance) · \(place)" }

    func row(_ severity: Int) -> SurvivalRow? { rows.first { $0.severity == severity } }
  }

  static let severities = 1...5
  /// What one picture can show at a legible size.
  private static let laddersAtMost = 40

  static func faults(of run: ModelTestResult) -> SurvivalPart {
    SurvivalPart(
      title: "Survival by fault severity", kind: "Fault", reason: run.plan.faults?.reason ?? "",
      rows: run.faults, run)
  }

  static func corruptions(of run: ModelTestResult) -> SurvivalPart {
    SurvivalPart(
      title: "Survival by severity of image corruptions", kind: "Corruption",
      reason: run.plan.corruptions?.reason ?? "", rows: run.corruptions, run)
  }

  private init(
    title: String, kind: String, reason: String, rows: [SurvivalRow], _ run: ModelTestResult
  ) {
    self.title = title
    self.kind = kind
    self.reason = reason
    var ladders: [Ladder] = []
    for row in rows {
      if let last = ladders.last, last.disturbance == row.disturbance, last.place == row.place {
        ladders[ladders.count - 1].rows.append(row)
      } else {
        ladders.append(Ladder(disturbance: row.disturbance, place: row.place, rows: [row]))
      }
    }
    self.ladders = ladders
    if case .classification(_, .some) = run.plan.task {
      isDetector = true
    } else {
      isDetector = false
    }
  }

  /// Nothing where nothing was run. `id` is unique in the page.
  func render(id: String) -> [Markup] {
    guard !ladders.isEmpty else { return [] }
    let trials = ladders.flatMap(\.rows).map(\.trials).max() ?? 0
    var parts = [Fragment.subheading(title)]
    if !reason.isEmpty { parts.append(tag("p", [], "Why: ", .text(reason))) }
    for start in stride(from: 0, to: ladders.count, by: Self.laddersAtMost) {
      let shown = Array(ladders[start..<min(start + Self.laddersAtMost, ladders.count)])
      let picture = SurvivalPicture(ladders: shown, title: pictureTitle(start, shown.count))
      parts.append(
        Fragment.figure(
          picture.render(id: start == 0 ? id : "\(id)-\(start / Self.laddersAtMost + 1)"),
          caption:
            "Share of n = \(trials) right answers that stay right, in per cent; darker is less. A dash: "
            + "this step was not run. The table beneath gives each step's meaning and interval."))
    }
    return parts + [table]
  }

  private func pictureTitle(_ start: Int, _ count: Int) -> String {
    ladders.count <= Self.laddersAtMost
      ? title : "\(title), \(start + 1) to \(start + count) of \(ladders.count)"
  }

  private var table: Markup {
    Table(
      title,
      [.init(kind), .init("Place")]
        + Self.severities.map { .init("Severity \($0)", isNumber: false) },
      rows: ladders.map { ladder in
        [.text(ladder.disturbance), .text(ladder.place.isEmpty ? "whole sample" : ladder.place)]
          + Self.severities.map { cell(ladder.row($0)) }
      }, style: "survival"
    ).render()
  }

  private func cell(_ row: SurvivalRow?) -> Markup {
    guard let row else { return "not run" }
    var lines = [
      .text("\(DecimalText.percent(row.rate)) (\(row.kept) of \(row.trials))"),
      Fragment.small(CampaignPart.range(row.interval)),
    ]
    if isDetector {
      lines.append(
        Fragment.small(
          "\(Wording.plural(row.missed, "missed event", "missed events")), "
            + Wording.plural(row.falseAlarms, "false alarm", "false alarms")))
    }
    return .group(lines + [Fragment.small(row.meaning)])
  }
}
