import AssessmentPipeline

/// A hardening plan for people.
struct HardeningText {
  let lines: [String]

  init(_ plan: HardeningPlan, budget: Int?) {
    var lines = ["\(plan.possibleDefenses) defences may be absent"]
    for goal in plan.goals {
      lines.append(goal.consequences.joined(separator: ", ") + ":")
      lines += Self.lines(goal.outcome)
    }
    lines.append("what each budget buys\(plan.isFrontComplete ? "" : " (list not complete)"):")
    lines += plan.front.map(Self.line)
    if let budget, let best = plan.front.last(where: { $0.cost <= budget }) {
      // The front ends where everything is cut, or where the list does.
      let isLast = best.cost == plan.front.last?.cost && !plan.isFrontComplete
      lines.append("with \(budget)\(isLast ? ", as far as the list goes" : ""):")
      lines.append(Self.line(best))
    }
    lines.append("choke points, steps without which goals cannot be reached:")
    lines +=
      plan.chokePoints.isEmpty
      ? ["  none"]
      : plan.chokePoints.map {
        "  \($0.name)  cuts \($0.consequences.joined(separator: ", "))"
      }
    self.lines = lines
  }

  private static func lines(_ outcome: HardeningPlan.Outcome) -> [String] {
    switch outcome {
    case .outOfReach: return ["  no attacker reaches it as it is"]
    case .impossible(let steps):
      return ["  no set does: " + steps.joined(separator: " → ") + " passes no defence"]
    case .found(let found):
      let proof =
        found.isProven
        ? "proven cheapest" + (found.isConfirmed ? ", confirmed by a second search" : "")
        : "not proven: at least \(found.lowerBound) is needed"
      let sets = found.alternatives.map { "    " + text($0) }
      return ["  cost \(found.cost), \(proof): " + text(found.defenses)]
        + [
          "  \(sets.count) minimal sets listed, "
            + (found.areAlternativesComplete ? "there are no others:" : "there may be others:")
        ] + sets
    }
  }

  private static func line(_ point: HardeningPlan.FrontPoint) -> String {
    let left =
      point.stillReached.isEmpty
      ? "nothing is reached" : "still reached: " + point.stillReached.joined(separator: ", ")
    return "  cost \(point.cost): \(text(point.defenses)); \(left)"
  }

  private static func text(_ defenses: [HardeningPlan.Defense]) -> String {
    defenses.isEmpty
      ? "nothing"
      : defenses.map { $0.cost == 1 ? $0.name : "\($0.name) (cost \($0.cost))" }
        .joined(separator: " + ")
  }
}
