import AssessmentPipeline
import AttackGraphs
import EngineSupport

/// How soon consequences come, which defences keep them away, and what proposed changes would do.
struct DecisionSection: PageSection {
  static let anchor = "decisions"
  static let title = "Time, hardening and what-ifs"

  let result: AssessmentResult
  let layout: any GraphLayout

  init(result: AssessmentResult, layout: any GraphLayout) {
    self.result = result
    self.layout = layout
  }

  func content() -> [Markup] {
    [Fragment.heading("Time to compromise")] + times + [Fragment.heading("Hardening")]
      + hardening + [Fragment.heading("What if")] + whatIfs
  }

  // MARK: - Times

  private var times: [Markup] {
    let decisions = result.decisions
    let samples = decisions.times.first?.times.sampleCount ?? 0
    let horizon = DecimalText.quantity(result.product.horizonDays)
    return [
      Fragment.note(
        "The attack is played \(samples) times: in each game every uncertain defence is there or not, every step "
          + "takes a time drawn from its distribution, measured steps succeed at the measured rate, and an "
          + "attacker at every entry point works on all steps at once. An OR step falls with its earliest "
          + "parent, an AND step with its latest. All ways count together here, where an attack path is one "
          + "way. Days are attacker days; intervals are 95 %."),
      Table(
        "When consequences are reached",
        [
          .init("Consequence"), .init("Within \(horizon) days", isNumber: true),
          .init("95 % interval"), .init("5 % of games by", isNumber: true),
          .init("Half by", isNumber: true), .init("95 % by", isNumber: true),
          .init("Never", isNumber: true),
        ],
        rows: decisions.times.map { goal in
          [
            .text(goal.id), .text(DecimalText.percent(goal.withinHorizon.value)),
            .text(
              "\(DecimalText.percent(goal.withinHorizon.lower)) – "
                + "\(DecimalText.percent(goal.withinHorizon.upper))"),
          ] + [0.05, 0.5, 0.95].map { level in .text(Self.days(goal, level)) } + [
            .text("\(goal.times.neverCount)")
          ]
        }
      ).render(),
    ]
  }

  private static func days(_ goal: GoalTimes, _ level: Double) -> String {
    guard let days = goal.quantiles.first(where: { $0.level == level })?.days.value else {
      return "–"
    }
    return days == .infinity ? "never" : DecimalText.fixed(days, digits: 1)
  }

  // MARK: - Hardening

  private var hardening: [Markup] {
    guard let plan = result.decisions.hardening else {
      return [
        Fragment.note("No solver was at hand when this report was made; defences were not weighed.")
      ]
    }
    return [
      Fragment.note(
        "Of \(plan.possibleDefenses) defences that may be absent, the cheapest set whose certain presence puts a "
          + "consequence out of reach from all entry points. Sets are found by the answer-set solver clasp "
          + "and each is checked by this engine's own reachability; \"proven\" means that no set costs less. "
          + "A defence costs 1 unless the product file says otherwise."),
      Table(
        "Cheapest hardening",
        [
          .init("Out of reach shall be"), .init("Cost", isNumber: true), .init("Defences"),
          .init("Minimal sets", isNumber: true),
        ],
        rows: plan.goals.map { goal in
          [.text(goal.consequences.joined(separator: ", "))] + Self.cells(goal.outcome)
        }
      ).render(),
      Table(
        "What each budget buys",
        [.init("Budget", isNumber: true), .init("Defences"), .init("Still reached")],
        rows: plan.front.map { point in
          [
            .text("\(point.cost)"), Self.list(point.defenses),
            .text(
              point.stillReached.isEmpty ? "nothing" : point.stillReached.joined(separator: ", ")),
          ]
        }
      ).render(),
      Table(
        "Choke points: steps without which consequences cannot be reached",
        [.init("Step"), .init("Cuts", isNumber: true), .init("Consequences")],
        rows: plan.chokePoints.map { point in
          [
            .text(point.name), .text("\(point.consequences.count)"),
            .text(point.consequences.joined(separator: ", ")),
          ]
        }, whenEmpty: "none; every consequence has ways that share no step."
      ).render(),
    ]
  }

  private static func cells(_ outcome: HardeningPlan.Outcome) -> [Markup] {
    switch outcome {
    case .outOfReach: [.text("0"), .text("none is needed: no attacker reaches it"), .text("–")]
    case .impossible(let steps):
      [
        .text("–"),
        .text("no set does: " + steps.joined(separator: " → ") + " passes no defence"),
        .text("0"),
      ]
    case .found(let found):
      [
        .text("\(found.cost)"),
        .group([
          list(found.defenses),
          Fragment.small(
            (found.isProven
              ? "proven cheapest" : "not proven: at least \(found.lowerBound) is needed")
              + (found.isConfirmed ? ", confirmed by a second search" : "")),
        ]),
        .text("\(found.alternatives.count)\(found.areAlternativesComplete ? "" : " or more")"),
      ]
    }
  }

  private static func list(_ defenses: [HardeningPlan.Defense]) -> Markup {
    defenses.isEmpty
      ? "none"
      : Fragment.bullets(
        defenses.map { .text($0.cost == 1 ? $0.name : "\($0.name) (cost \($0.cost))") })
  }

  // MARK: - What-ifs

  private var whatIfs: [Markup] {
    guard !result.decisions.whatIfs.isEmpty else {
      return [
        Fragment.note("The product file asks nothing; `what_if` there or `bartizan what-if` does.")
      ]
    }
    return result.decisions.whatIfs.flatMap { whatIf in
      [
        Fragment.subheading(whatIf.id), Fragment.paragraph(whatIf.description),
        Fragment.bullets(
          whatIf.enabled.map { .text("in place: \($0)") }
            + whatIf.disabled.map { .text("taken away: \($0)") }),
        Table(
          "What \(whatIf.id) changes",
          [
            .init("Consequence"), .init("Reached now"), .init("Reached then"),
            .init("Best path now", isNumber: true), .init("then", isNumber: true),
          ],
          rows: whatIf.goals.map { goal in
            [
              .text(goal.id), .text(Self.reach(goal.before)), .text(Self.reach(goal.after)),
              .text(Wording.probability(goal.before.probability)),
              .text(Wording.probability(goal.after.probability)),
            ]
          }
        ).render(),
        Fragment.small(
          "\(Wording.plural(whatIf.lost.count, "step", "steps")) of the attack graph no longer reached, "
            + "\(Wording.plural(whatIf.gained.count, "step", "steps")) newly reached."),
      ]
    }
  }

  private static func reach(_ state: WhatIfResult.State) -> String {
    switch (state.byNetworkAlone, state.bySensorAlone, state.byBoth) {
    case (true, true, _): "by either front"
    case (true, false, _): "by the network alone"
    case (false, true, _): "by the sensor alone"
    case (false, false, true): "by both only"
    case (false, false, false): "not at all"
    }
  }
}
