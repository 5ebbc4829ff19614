import AdversarialTesting
import EngineSupport
import ModelTesting

/// Certificates and attacks side by side: the headline at each budget, and each sample's bracket.
struct BracketPart {
  let result: BracketResult
  let model: String
  /// By what is certified, then by what was found, then by row.
  let brackets: [Bracket]

  /// What one picture can show at a legible size.
  private static let barsAtMost = 60

  init(result: BracketResult, model: String) {
    self.result = result
    self.model = model
    brackets = result.summary.brackets.sorted { left, right in
      let (first, second) = (left.found ?? .infinity, right.found ?? .infinity)
      return (left.certified, first, left.index) < (right.certified, second, right.index)
    }
  }

  /// `id` is unique in the page.
  func render(id: String) -> [Markup] {
    guard !brackets.isEmpty else { return [] }
    var parts = [
      Fragment.subheading("Bracket per sample, \(result.front.rawValue) front"),
      Fragment.paragraph(
        "For each of \(brackets.count) samples: no example exists nearer than what is certified, and one "
          + "exists where an attack found it. What lies between is open."), headline,
    ]
    for start in stride(from: 0, to: brackets.count, by: Self.barsAtMost) {
      let shown = Array(brackets[start..<min(start + Self.barsAtMost, brackets.count)])
      guard
        let picture = BracketPicture(
          brackets: shown, budgets: result.summary.rows.map(\.budget), unit: result.unit,
          title: title(start, shown.count))
      else { continue }
      parts.append(
        Fragment.figure(
          picture.render(id: start == 0 ? id : "\(id)-\(start / Self.barsAtMost + 1)"),
          caption:
            "Dark: certified, no example exists. Light: open, up to the nearest example found; with an arrow "
            + "where none was found. Dot: both meet, the exact distance. Dashed: the budgets of the plan. "
            + "Distance in \(result.unit)\(picture.axisNote)."))
    }
    return parts + [table]
  }

  private func title(_ start: Int, _ count: Int) -> String {
    let title = "Certified and found distance per sample, \(model)"
    return brackets.count <= Self.barsAtMost
      ? title : "\(title), \(start + 1) to \(start + count) of \(brackets.count)"
  }

  private var headline: Markup {
    Table(
      "Robust accuracy at each budget",
      [
        .init("Budget (\(result.unit))", isNumber: true), .init("Samples n", isNumber: true),
        .init("Certified", isNumber: true), .init("Withstood", isNumber: true),
        .init("In words"),
      ],
      rows: result.summary.rows.map { row in
        [
          .text(DecimalText.quantity(row.budget)), .text("\(row.samples)"),
          .text("\(row.certified)"), .text("\(row.withstood)"), .text(row.text),
        ]
      }
    ).render()
  }

  private var table: Markup {
    Table(
      "Brackets",
      [
        .init("Row of the data", isNumber: true),
        .init("Certified (\(result.unit))", isNumber: true), .init("By"),
        .init("Found (\(result.unit))", isNumber: true), .init("By"), .init("Met"),
      ],
      rows: brackets.map { bracket in
        [
          .text("\(bracket.index)"), .text(Self.distance(bracket.certified)),
          .text(bracket.method?.rawValue ?? "nothing proved"),
          .text(bracket.found.map(Self.distance) ?? "none found"),
          .text(
            bracket.attack ?? (bracket.found == nil ? "" : "wrong without any attack")),
          .text(bracket.isExact ? "exact" : "open"),
        ]
      }
    ).render()
  }

  /// As picture and table both write it.
  static func distance(_ value: Double) -> String {
    value == .infinity ? "any" : DecimalText.quantity(value)
  }
}
