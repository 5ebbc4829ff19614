import AdversarialTesting
import EngineSupport
import ModelTesting
import TensorCore
import ThreatKnowledge

/// One campaign in words and tables: verdict, acceptance, success by budget, what was tried, self-checks.
struct CampaignPart {
  let campaign: ShownCampaign

  private var result: CampaignResult { campaign.result }

  func render() -> [Markup] {
    var parts = [
      Fragment.subheading("\(campaign.id): \(campaign.title)"),
      tag("p", [], tag("strong", [], .text(Wording.sentence(for: result.verdict)))),
    ]
    if let first = Wording.firstBroken(in: result, unit: campaign.unit) {
      parts.append(
        Fragment.paragraph(
          "The verdict speaks of all budgets: the smallest at which a sample broke is \(first). The table has the "
            + "rate at each."))
    }
    if let sentence = acceptance {
      parts.append(tag("p", [], tag("strong", [], .text(sentence.0)), .text(" " + sentence.1)))
    }
    parts += [tag("p", [], "Why these limits: ", .text(campaign.reason)), budgets]
    if let beside = campaign.beside { parts.append(Fragment.note(beside.note)) }
    if let tried = campaign.attacker?.campaigns, tried.count > 1 { parts.append(single(tried)) }
    return parts + [checks, note]
  }

  /// The plan's question in one word, and the figures that answer it.
  private var acceptance: (String, String)? {
    guard let attacker = campaign.attacker, let rule = attacker.attacker.acceptance,
      let outcome = attacker.acceptance
    else { return nil }
    let limit =
      "the largest success rate that the plan accepts, \(DecimalText.percent(rule.largestRate))"
    let row = attacker.chosen
    let interval = row.map { Self.range($0.interval) } ?? "0.0 % – 100.0 %"
    let at = "at \(DecimalText.quantity(campaign.chosen)) \(campaign.unit)"
    switch outcome {
    case .accepted:
      return ("Accepted:", "\(at) the whole interval, \(interval), lies at or below \(limit).")
    case .rejected:
      return ("Rejected:", "\(at) the whole interval, \(interval), lies above \(limit).")
    case .undecided where result.verdict == .inconclusive:
      return (
        "Undecided:",
        "the campaign is inconclusive and cannot be held against \(limit). A sound campaign is needed."
      )
    case .undecided:
      return (
        "Undecided:",
        "\(at) the interval, \(interval), holds \(limit). More samples would decide it."
      )
    }
  }

  private var budgets: Markup {
    let title = campaign.step == .errUnderNoise ? "Noise cut off at" : Self.title(of: campaign.norm)
    let beside = campaign.beside
    var columns: [Table.Column] = [
      .init("\(title) (\(campaign.unit))", isNumber: true), .init("Trials n", isNumber: true),
      .init("Broken", isNumber: true), .init("Attack success at least", isNumber: true),
      .init("Robustness at most", isNumber: true),
      .init("95 % interval of success", isNumber: true),
    ]
    if let beside { columns.append(.init(beside.column, isNumber: true)) }
    columns.append(.init("Chosen budget"))
    return Table(
      "Success by budget, \(campaign.id)", columns,
      rows: result.budgets.map { row in
        var cells: [Markup] = [
          .text(DecimalText.quantity(row.budget)), .text("\(row.trials)"),
          .text("\(row.successes)"), .text(DecimalText.percent(row.rate)),
          .text(DecimalText.percent(1 - row.rate)), .text(Self.range(row.interval)),
        ]
        if let beside {
          cells.append(rate(beside.result.budgets.first { $0.budget == row.budget }))
        }
        return cells + [.text(row.budget == campaign.chosen ? campaign.consequence : "")]
      }
    ).render()
  }

  private func rate(_ row: BudgetResult?) -> Markup {
    guard let row else { return "not run" }
    return .group([
      .text("\(DecimalText.percent(row.rate)) (\(row.successes) of \(row.trials))"),
      Fragment.small(Self.range(row.interval)),
    ])
  }

  private func single(_ tried: [CampaignResult]) -> Markup {
    Table(
      "What was tried one by one at \(DecimalText.quantity(campaign.chosen)) \(campaign.unit), \(campaign.id)",
      [
        .init("Attack"), .init("Parameters"), .init("Broken", isNumber: true),
        .init("Success", isNumber: true), .init("95 % interval", isNumber: true),
        .init("Queries forward", isNumber: true), .init("Queries backward", isNumber: true),
        .init("Verdict"),
      ],
      rows: tried.map { one in
        let row = one.budgets.first { $0.budget == campaign.chosen }
        return [
          .text(one.attack),
          .text(one.parameters.map { "\($0.name): \($0.value)" }.joined(separator: "; ")),
          .text(row.map { "\($0.successes) of \($0.trials)" } ?? "not run"),
          .text(row.map { DecimalText.percent($0.rate) } ?? ""),
          .text(row.map { Self.range($0.interval) } ?? ""),
          .text("\(one.spentByAttack.forward)"), .text("\(one.spentByAttack.backward)"),
          .text(one.verdict.rawValue),
        ]
      }
    ).render()
  }

  private var checks: Markup {
    Table(
      "Self-checks of the campaign, \(campaign.id)",
      [.init("Check"), .init("What it asks"), .init("Outcome"), .init("Figures")],
      rows: result.checks.map { check in
        [
          .text(check.identifier.rawValue), .text(Wording.title(of: check.identifier)),
          tag("strong", [], .text(check.outcome.rawValue)), .text(check.detail),
        ]
      }
    ).render()
  }

  private var note: Markup {
    let parameters = result.parameters.map { "\($0.name): \($0.value)" }.joined(separator: "; ")
    let records = campaign.records.isEmpty ? "" : " Every sample: \(campaign.records)."
    let ledger = campaign.ledger.map { " Ledger record \($0.short)." } ?? ""
    return Fragment.note(
      "Attack \(result.attack); \(parameters). Seed \(result.seed). \(result.samples.count) samples, of "
        + "which \(result.cleanErrors) were wrong without any attack and are no trials (95 % interval of "
        + "that rate \(DecimalText.percent(result.cleanErrorInterval.lower)) to "
        + "\(DecimalText.percent(result.cleanErrorInterval.upper))). Queries of the attack: "
        + "\(result.spentByAttack.forward) forward, \(result.spentByAttack.backward) backward. "
        + "Candidates that replay rejected: \(result.rejected.count).\(records)\(ledger)")
  }

  static func range(_ interval: ClopperPearson) -> String {
    "\(DecimalText.percent(interval.lower)) – \(DecimalText.percent(interval.upper))"
  }

  /// What a budget bounds, as the heading of a column or an axis.
  static func title(of norm: PerturbationNorm) -> String {
    switch norm {
    case .linf: "Largest change"
    case .l2: "Euclidean length of the change"
    case .l1: "Sum of the changes"
    case .l0: "Elements changed"
    }
  }
}
