import AttackGraphs
import EngineSupport

/// A list of derivations for people: costs, what is proven of the list, and each way step by step.
struct DerivationText {
  let lines: [String]

  init(
    _ list: DerivationList, goal: (id: String, step: AttackGraph.StepID),
    in questioned: QuestionedGraph, position: String
  ) {
    let graph = questioned.graph
    let reach = graph.reachability(of: goal.step, from: questioned.entries)
    let alone = [("network", reach.fromNetwork), ("sensor", reach.fromSensor)].filter(\.1).map(\.0)
    let fronts =
      !alone.isEmpty
      ? "reachable by \(alone.joined(separator: " alone and by ")) alone"
      : reach.fromBoth ? "reachable only by both fronts" : "not reachable"
    var lines = [
      "\(goal.id): \(fronts); ways for \(position == "any" ? "any fronts" : position), "
        + "\(Self.title(list.cost)), in \(list.cost.unit)"
    ]
    if list.entries.isEmpty {
      lines.append(
        list.statement.isComplete
          ? "  no way; ask `bartizan why-not`" : "  no way found: \(Self.text(list.statement))")
      self.lines = lines
      return
    }
    let first = list.entries[0].costs
    lines.append("  listed by \(first.listedBy.description)")
    lines.append(
      "  least set cost of any way: "
        + (first.provenMinimum.map { "\(Self.number($0)), proven" } ?? "not proven (--effort)"))
    lines.append("  \(list.entries.count) listed; \(Self.text(list.statement))")
    if !list.unrated.isEmpty {
      lines.append("  without a number, counted 0: " + list.unrated.joined(separator: ", "))
    }
    for (rank, entry) in list.entries.enumerated() {
      lines.append(
        "  \(rank + 1). set \(Self.number(entry.costs.setCost))  tree \(Self.number(entry.costs.treeCost))"
          + "  probability \(DecimalText.fixed(entry.probability, digits: 4))")
      let number = Dictionary(
        entry.steps.enumerated().map { ($1, $0 + 1) }, uniquingKeysWith: { first, _ in first })
      for (index, step) in entry.steps.enumerated() {
        let from = entry.chosenParents[index].compactMap { number[$0] }.map(String.init)
        lines.append(
          "     \(index + 1). \(graph.name(of: step))"
            + (from.isEmpty ? "" : "  from \(from.joined(separator: " and "))")
            + questioned.drawing(of: step))
      }
    }
    self.lines = lines
  }

  private static func title(_ cost: StepCost) -> String {
    switch cost {
    case .negativeLogProbability: "cost −ln of probability"
    case .expectedEffort: "cost expected effort"
    case .attackPotentialPoints: "cost attack potential, summed over steps"
    }
  }

  private static func number(_ value: Double) -> String { DecimalText.fixed(value, digits: 4) }

  private static func text(_ statement: ListStatement) -> String {
    switch statement {
    case .complete: "complete: there are no others"
    case .completeUpTo(let bound):
      "complete up to \(number(bound)): every other way costs at least that"
    case .stopped(let limit, let bound):
      "stopped at the limit of \(limit.rawValue); every other way costs at least \(number(bound))"
    }
  }
}
