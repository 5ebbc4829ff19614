import AssessmentPipeline
import AttackGraphs
import EngineSupport

/// For each consequence: whether it can be reached at all, and the best paths for each choice of fronts.
struct AttackSection: PageSection {
  static let anchor = "attacks"
  static let title = "Attack paths"

  let result: AssessmentResult
  let layout: any GraphLayout

  func content() throws -> [Markup] {
    let note = Fragment.note(
      "A path is a smallest set of steps that leads to the consequence. Its probability is the product over "
        + "its steps, each counted once, as if they were independent; it ranks paths and is no frequency. "
        + "Prior values are judgements of the language's authors; measured values are rates of tests on the "
        + "given files.")
    let boxes = FindingBox.all(of: .attackPath, in: result)
    return [note]
      + (try result.reachability.enumerated().flatMap { number, goal in
        try consequence(
          goal, number: number,
          boxes.filter { $0.finding.attack?.consequence.id == goal.consequence.id })
      })
  }

  private func consequence(
    _ goal: GoalReachability, number: Int, _ boxes: [FindingBox]
  ) throws -> [Markup] {
    var parts = [
      Fragment.heading("C\(number + 1) \(goal.consequence.id): \(goal.consequence.component)"),
      Fragment.paragraph(goal.consequence.description),
      tag(
        "p", [], tag("strong", [], .text(Self.sentenceCase(goal.sentence) + ".")),
        .text(" Goal in the attack graph: "), Fragment.code(result.graph.name(of: goal.goal))),
    ]
    if boxes.isEmpty { parts.append(Fragment.note("No path to it was found.")) }
    for box in boxes {
      guard let attack = box.finding.attack else { continue }
      parts += try self.attack(attack, box)
    }
    return parts
  }

  private func attack(_ attack: AttackAnalysis, _ box: FindingBox) throws -> [Markup] {
    guard let best = attack.paths.first else { return [box.render()] }
    var parts = [
      box.render([
        figures(attack, best), completeness(attack), Fragment.small(Self.costs(best)),
      ])
    ]
    let title = "Best path, \(Wording.fronts(attack.fronts))"
    if let picture = DerivationPicture(
      of: best, entryPoints: result.product.entryPoints, id: "path-\(box.index + 1)", title: title)
    {
      parts.append(
        Fragment.figure(
          try picture.render(layout: layout),
          caption:
            "How the steps of this path cause each other. Numbers are those of the table; dotted boxes are "
            + "defences taken to be absent; discs and squares mark entry points; \"then\" stands for steps that "
            + "follow with certainty from the one above."))
    }
    parts.append(
      PathTable(path: best, result: result, caption: "\(title), step by step").render())
    if attack.paths.count > 1 { parts.append(furtherPaths(attack)) }
    return parts
  }

  private func figures(_ attack: AttackAnalysis, _ best: AttackAnalysis.Path) -> Markup {
    tag(
      "p", class: "figures",
      tag("span", [], "Needs ", tag("strong", [], .text(Wording.fronts(attack.fronts)))),
      tag(
        "span", [], "Prior ", tag("strong", [], .text(Wording.probability(best.priorProbability)))),
      tag(
        "span", [], "With measurements ",
        tag("strong", [], .text(Wording.probability(best.probability)))),
      tag(
        "span", [], "Starts at ", tag("strong", [], .text(best.entryPoints.joined(separator: ", ")))
      ),
      tag("span", [], "Effort ", tag("strong", [], .text(Self.effort(best)))),
      .group(
        best.attackPotential?.combined.map {
          [tag("span", [], "Attack potential ", tag("strong", [], .text("\($0.points) points")))]
        } ?? []))
  }

  private static func effort(_ path: AttackAnalysis.Path) -> String {
    path.expectedEffort.map { "\(DecimalText.fixed($0, digits: 1)) days" } ?? "unbounded"
  }

  /// Which of the three numbers that are called the cost of a path orders the list.
  private static func costs(_ best: AttackAnalysis.Path) -> String {
    let costs = best.costs
    func nats(_ value: Double) -> String { DecimalText.fixed(value, digits: 3) }
    let minimum =
      costs.provenMinimum.map { "\(nats($0)) is proven to be the least set cost" }
      ?? "the least set cost was not proven"
    return "Paths are listed by \(costs.listedBy.description), as −ln of probability: "
      + "\(nats(costs.setCost)) nats for the best one, whose tree cost is \(nats(costs.treeCost)); \(minimum). "
      + "Effort adds the mean times of its steps, in attacker days."
  }

  private func completeness(_ attack: AttackAnalysis) -> Markup {
    let count = Wording.plural(attack.paths.count, "path is", "paths are")
    return Fragment.note(
      attack.isComplete
        ? "\(count) listed; it is proved that no other exists. "
          + "\(attack.expansions) partial derivations were looked at."
        : "\(count) listed; the list is not complete. Every path that is not listed has a probability of at "
          + "most \(Wording.probability(attack.probabilityBound)). \(attack.expansions) partial derivations "
          + "were looked at.")
  }

  private func furtherPaths(_ attack: AttackAnalysis) -> Markup {
    let best = Set(attack.paths.first?.steps.map(\.id) ?? [])
    return Table(
      "Further paths, \(Wording.fronts(attack.fronts))",
      [
        .init("Rank", isNumber: true), .init("Starts at"),
        .init("Steps that the best path does not take"),
        .init("Set cost, nats", isNumber: true), .init("Effort", isNumber: true),
        .init("Prior", isNumber: true), .init("With measurements", isNumber: true),
      ],
      rows: attack.paths.enumerated().dropFirst().map { rank, path in
        let other = path.steps.filter { !best.contains($0.id) }.map(\.name)
        return [
          .text("\(rank + 1)"), .text(path.entryPoints.joined(separator: ", ")),
          .text(
            other.isEmpty ? "none: other causes for the same steps" : other.joined(separator: " → ")
          ),
          .text(DecimalText.fixed(path.costs.setCost, digits: 3)), .text(Self.effort(path)),
          .text(Wording.probability(path.priorProbability)),
          .text(Wording.probability(path.probability)),
        ]
      }
    ).render()
  }

  private static func sentenceCase(_ text: String) -> String {
    text.prefix(1).uppercased() + text.dropFirst()
  }
}
