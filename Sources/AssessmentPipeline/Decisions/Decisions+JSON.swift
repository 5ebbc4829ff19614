import AttackGraphs
public import EngineSupport

/// Decisions as data: what reports carry and what the evidence takes its digest of. Fractional numbers are
/// decimal strings; a time that never comes is `inf`.
extension Decisions {
  public var json: JSONValue {
    .object([
      ("timesToCompromise", .array(times.map(Self.value))),
      ("hardening", hardening.map(Self.value)),
      ("whatIf", .array(whatIfs.map(Self.value))),
    ])
  }

  private static func number(_ value: Double) -> JSONValue {
    .string(DecimalText.exact(value))
  }

  private static func value(_ estimate: CompromiseEstimate) -> JSONValue {
    .object([
      ("value", number(estimate.value)), ("lower", number(estimate.lower)),
      ("upper", number(estimate.upper)),
    ])
  }

  private static func value(_ goal: GoalTimes) -> JSONValue {
    .object([
      ("consequence", .string(goal.id)),
      ("samples", .integer(goal.times.sampleCount)),
      ("never", .integer(goal.times.neverCount)),
      ("withinHorizon", value(goal.withinHorizon)),
      ("meanDaysWhenReached", goal.times.meanWhenReached.map(number)),
      (
        "quantiles",
        .array(
          goal.quantiles.map {
            .object([("level", number($0.level)), ("days", value($0.days))])
          })
      ),
    ])
  }

  private static func value(_ plan: HardeningPlan) -> JSONValue {
    .object([
      ("possibleDefences", .integer(plan.possibleDefenses)),
      ("goals", .array(plan.goals.map(value))),
      (
        "front",
        .array(
          plan.front.map {
            .object([
              ("cost", .integer($0.cost)), ("defences", value($0.defenses)),
              ("stillReached", .strings($0.stillReached)),
            ])
          })
      ),
      ("frontIsComplete", .bool(plan.isFrontComplete)),
      (
        "chokePoints",
        .array(
          plan.chokePoints.map {
            .object([
              ("step", .string($0.name)), ("consequences", .strings($0.consequences)),
            ])
          })
      ),
    ])
  }

  private static func value(_ defenses: [HardeningPlan.Defense]) -> JSONValue {
    .array(
      defenses.map { .object([("step", .string($0.name)), ("cost", .integer($0.cost))]) })
  }

  private static func value(_ goal: HardeningPlan.GoalHardening) -> JSONValue {
    var members: [(String, JSONValue?)] = [("consequences", .strings(goal.consequences))]
    switch goal.outcome {
    case .outOfReach: members.append(("outcome", "out of reach"))
    case .impossible(let steps):
      members += [("outcome", "impossible"), ("derivationWithoutDefences", .strings(steps))]
    case .found(let found):
      members += [
        ("outcome", "found"), ("cost", .integer(found.cost)),
        ("lowerBound", .integer(found.lowerBound)), ("proven", .bool(found.isProven)),
        ("confirmedBySecondSearch", .bool(found.isConfirmed)),
        ("defences", value(found.defenses)),
        ("minimalSets", .array(found.alternatives.map(value))),
        ("minimalSetsAreComplete", .bool(found.areAlternativesComplete)),
      ]
    }
    return .object(members)
  }

  private static func value(_ result: WhatIfResult) -> JSONValue {
    .object([
      ("id", .string(result.id)), ("description", .string(result.description)),
      (
        "assumed",
        .array(
          result.assumed.map { .object([("step", .string($0.step)), ("rate", number($0.rate))]) })
      ),
      ("enabled", .strings(result.enabled)), ("disabled", .strings(result.disabled)),
      ("noLongerReached", .strings(result.lost)), ("newlyReached", .strings(result.gained)),
      (
        "consequences",
        .array(
          result.goals.map {
            .object([
              ("id", .string($0.id)), ("before", value($0.before)), ("after", value($0.after)),
            ])
          })
      ),
    ])
  }

  private static func value(_ state: WhatIfResult.State) -> JSONValue {
    .object([
      ("byNetworkAlone", .bool(state.byNetworkAlone)),
      ("bySensorAlone", .bool(state.bySensorAlone)), ("byBoth", .bool(state.byBoth)),
      ("probability", number(state.probability)),
    ])
  }
}
