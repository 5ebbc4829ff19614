import AdversarialTesting
import EngineSupport
import ModelTesting

/// Families of sensor faults: what is proved, refuted and open, sample by sample.
struct FaultCertificatePart {
  let run: ModelTestResult
  let model: String

  /// What one picture can show at a legible size.
  private static let barsAtMost = 60
  private static let unit = "% of the family's ranges"

  /// Nothing where no family was certified. `id` is unique in the page.
  func render(id: String) -> [Markup] {
    guard !run.faultCertificates.isEmpty else { return [] }
    let shown = run.faultCertificates.map { ShownFaultCertificate($0, of: run.plan) }
    return [
      Fragment.subheading("Families of sensor faults, proved or refuted"),
      Fragment.paragraph(
        "Each family of faults has one to four numbers. For each sample it is proved that no fault of the "
          + "family changes the answer, or a fault is found that does, played through the model in single and "
          + "in double precision, or part of the family stays open."),
      summary(shown),
    ]
      + shown.enumerated().flatMap { place, certified in
        self.part(certified, id: "\(id)-\(place + 1)")
      }
  }

  private func summary(_ shown: [ShownFaultCertificate]) -> Markup {
    Table(
      "Families of faults",
      [
        .init("Fault"), .init("Why"), .init("Samples n", isNumber: true),
        .init("Proved", isNumber: true), .init("Refuted", isNumber: true),
        .init("Open", isNumber: true), .init("In words"),
      ],
      rows: shown.map { certified in
        let result = certified.result
        return [
          .text(certified.title), .text(result.test.reason), .text("\(result.trials)"),
          .text("\(result.proved)"), .text("\(result.refuted)"), .text("\(result.unknown)"),
          .text(certified.headline),
        ]
      }
    ).render()
  }

  private func part(_ certified: ShownFaultCertificate, id: String) -> [Markup] {
    let rows = certified.result.rows.sorted { left, right in
      let (first, second) = (left.found?.scale ?? .infinity, right.found?.scale ?? .infinity)
      return (left.certifiedScale, first, left.index) < (right.certifiedScale, second, right.index)
    }
    let trials = rows.filter { $0.outcome != .cleanError }
    var parts: [Markup] = []
    for start in stride(from: 0, to: trials.count, by: Self.barsAtMost) {
      let brackets = trials[start..<min(start + Self.barsAtMost, trials.count)].compactMap { row in
        try? Bracket(
          index: row.index, certified: 100 * row.certifiedScale, method: nil,
          found: row.found.map { 100 * max($0.scale, row.certifiedScale) }, attack: nil)
      }
      guard
        let picture = BracketPicture(
          brackets: brackets, budgets: [100], unit: Self.unit,
          title: "Certified and found faults per sample, \(certified.title), \(model)", end: 100)
      else { continue }
      parts.append(
        Fragment.figure(
          picture.render(id: start == 0 ? id : "\(id)-\(start / Self.barsAtMost + 1)"),
          caption:
            "\(certified.title). Dark: no fault of this share of the ranges changes the answer. Light: open, up "
            + "to the smallest fault found. Dot: both meet. Dashed: the whole family. In "
            + "\(Self.unit)\(picture.axisNote)."))
    }
    return parts + [table(rows, certified)]
  }

  /// One decimal; what is known is rounded down and what is left up, so that no rounding closes a gap.
  private static func percent(_ share: Double, _ rule: FloatingPointRoundingRule) -> String {
    DecimalText.percent((share * 1_000).rounded(rule) / 1_000)
  }

  private func table(_ rows: [FaultCertificateRow], _ certified: ShownFaultCertificate) -> Markup {
    Table(
      "Faults per sample, \(certified.title)",
      [
        .init("Row of the data", isNumber: true), .init("Outcome"),
        .init("Certified (\(Self.unit))", isNumber: true), .init("Smallest fault found"),
        .init("Volume proved", isNumber: true), .init("Volume refuted", isNumber: true),
        .init("Volume open", isNumber: true), .init("Boxes", isNumber: true),
      ],
      rows: rows.map { row in
        guard row.outcome != .cleanError else {
          return [.text("\(row.index)"), "wrong without any fault"] + Array(repeating: "", count: 6)
        }
        return [
          .text("\(row.index)"), .text(row.outcome.rawValue),
          .text(DecimalText.quantity(100 * row.certifiedScale)),
          .text(row.found.map(certified.text) ?? "none"),
          .text(Self.percent(row.provedShare, .down)),
          .text(Self.percent(row.refutedShare, .down)),
          .text(Self.percent(row.unknownShare, .up)), .text("\(row.work)"),
        ]
      }
    ).render()
  }
}
