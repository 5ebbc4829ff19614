import EngineSupport
import ModelTesting
import TensorCore

/// Certified accuracy of smoothed classifiers: a plot against the radius, and the same figures as tables.
struct SmoothingPart {
  let run: ModelTestResult

  private var unit: String { run.plan.input.channels.first?.unit ?? "" }

  /// Nothing where nothing was smoothed. `id` is unique in the page.
  func render(id: String) -> [Markup] {
    guard let first = run.smoothing.first, !first.rows.isEmpty else { return [] }
    var parts = [
      Fragment.subheading("Certified accuracy under noise (randomised smoothing)"),
      Fragment.paragraph(
        "What is certified is the smoothed classifier: the class that wins when Gaussian noise is added to the "
          + "sample. Within the radius (L2) its answer cannot change; a radius is wrong with probability "
          + "\(DecimalText.quantity(first.errorRate)) at most. Where no class leads clearly it abstains, which "
          + "counts as an error. The model without noise is not what this certifies."),
    ]
    if let reason = run.plan.smoothing?.reason {
      parts.append(tag("p", [], "Why: ", .text(reason)))
    }
    if let picture = SmoothingPicture(results: run.smoothing, unit: unit) {
      parts.append(
        Fragment.figure(
          picture.render(id: id),
          caption:
            "Share of n = \(first.rows.count) samples that are right and certified at least so far, with 95 % "
            + "Clopper–Pearson intervals; one mark for each radius of the plan, one line for each deviation of the "
            + "noise. The table beneath carries the same numbers."))
    }
    return parts + [accuracy] + run.smoothing.map(samples)
  }

  private var accuracy: Markup {
    Table(
      "Certified accuracy",
      [
        .init("Deviation of the noise (\(unit))", isNumber: true),
        .init("Radius, L2 (\(unit))", isNumber: true), .init("Certified", isNumber: true),
        .init("Certified accuracy", isNumber: true), .init("95 % interval", isNumber: true),
      ],
      rows: run.smoothing.flatMap { result in
        result.accuracy.map { row in
          [
            .text(DecimalText.quantity(result.deviation)), .text(DecimalText.quantity(row.radius)),
            .text("\(row.certified) of \(row.samples)"), .text(DecimalText.percent(row.share)),
            .text(CampaignPart.range(row.interval)),
          ]
        }
      }
    ).render()
  }

  private func samples(_ result: SmoothingResult) -> Markup {
    .group([
      Table(
        "Radii per sample, deviation \(DecimalText.quantity(result.deviation)) \(unit)",
        [
          .init("Row of the data", isNumber: true), .init("Labelled"), .init("Answer"),
          .init("Radius, L2 (\(unit))", isNumber: true),
          .init("Draws for the answer", isNumber: true),
          .init("Share at least", isNumber: true),
        ],
        rows: result.rows.map { row in
          [
            .text("\(row.index)"), .text(run.plan.name(ofClass: row.label)),
            .text(row.answer.map(run.plan.name) ?? "abstains"),
            .text(DecimalText.quantity(row.radius)), .text("\(row.hits) of \(result.draws)"),
            .text(DecimalText.percent(row.lowerShare)),
          ]
        }
      ).render(),
      Fragment.note(
        "\(result.selectionDraws) draws choose the class, \(result.draws) measure its lead. So many draws prove a "
          + "radius of \(DecimalText.quantity(result.greatestRadius)) \(unit) at most. "
          + "\(Wording.plural(result.abstentions, "abstention", "abstentions"))."),
    ])
  }
}
