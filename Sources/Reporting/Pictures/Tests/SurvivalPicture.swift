import EngineSupport
import ModelTesting

/// A heat map of what disturbances leave right: a row for each, a column for each severity, the share in each cell.
struct SurvivalPicture {
  let ladders: [SurvivalPart.Ladder]
  let title: String

  private static let labels = 300.0
  private static let cell = (width: 64.0, height: 20.0)
  private static let top = 26.0

  /// What a cell says: the share kept in per cent, as the table beneath has it.
  static func text(of row: SurvivalRow) -> String { DecimalText.fixed(row.rate * 100, digits: 1) }

  /// `id` is unique in the page.
  func render(id: String) -> Markup {
    let width = Self.labels + Double(SurvivalPart.severities.count) * Self.cell.width + 8
    let height = Self.top + Double(ladders.count) * Self.cell.height + 8
    return SVG.picture(
      id: id, width: width, height: height, title: title,
      description:
        "Rows: \(ladders.count) disturbances. Columns: severity 1 to 5. Each cell: right answers that stay "
        + "right, in per cent. The table below the picture carries the same numbers.",
      [SVG.text("severity", x: Self.labels - 8, y: Self.top - 7, size: 10.5, anchor: "end")]
        + SurvivalPart.severities.map { severity in
          SVG.text(
            "\(severity)", x: middle(of: severity), y: Self.top - 7, size: 10.5, anchor: "middle",
            isBold: true)
        } + ladders.enumerated().flatMap { row($1, place: $0) })
  }

  private func middle(of severity: Int) -> Double {
    Self.labels + (Double(severity) - 0.5) * Self.cell.width
  }

  private func row(_ ladder: SurvivalPart.Ladder, place: Int) -> [Markup] {
    let top = Self.top + Double(place) * Self.cell.height
    let label =
      LabelText.wrapped(ladder.label, size: 10.5, width: Self.labels - 16, lines: 1).first ?? ""
    return [SVG.text(label, x: Self.labels - 8, y: top + 14, size: 10.5, anchor: "end")]
      + SurvivalPart.severities.flatMap { cell(ladder.row($0), severity: $0, top: top) }
  }

  private func cell(_ row: SurvivalRow?, severity: Int, top: Double) -> [Markup] {
    let left = Self.labels + Double(severity - 1) * Self.cell.width
    let box = PlacedGraph.Box(
      left: left, top: top, right: left + Self.cell.width, bottom: top + Self.cell.height)
    let x = middle(of: severity)
    guard let row else {
      return [SVG.text("–", x: x, y: top + 14, size: 10.5, anchor: "middle", colour: SVG.faint)]
    }
    return [
      SVG.box(
        box,
        [
          attribute("fill", Self.colour(of: row.rate)), attribute("stroke", "#ffffff"),
          attribute("stroke-width", "1.5"),
        ]),
      SVG.text(
        Self.text(of: row), x: x, y: top + 14, size: 10.5, anchor: "middle",
        colour: row.rate < 0.52 ? "#ffffff" : "#000000"),
    ]
  }

  /// From dark blue for nothing to pale yellow for all: lightness rises with the share, and no step rests on
  /// telling red from green.
  static func colour(of share: Double) -> String {
    let ends = [(8.0, 36.0, 84.0), (96.0, 118.0, 140.0), (254.0, 240.0, 178.0)]
    let place = min(1, max(0, share)) * 2
    let from = min(1, Int(place))
    let part = place - Double(from)
    func level(_ low: Double, _ high: Double) -> Int { Int((low + (high - low) * part).rounded()) }
    let (low, high) = (ends[from], ends[from + 1])
    return "rgb(\(level(low.0, high.0)),\(level(low.1, high.1)),\(level(low.2, high.2)))"
  }
}
