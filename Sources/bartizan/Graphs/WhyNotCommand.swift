import ArgumentParser
import AttackGraphs
import EngineSupport
import ThreatLanguage

/// `bartizan why-not`: what stops an attacker from reaching a step.
struct WhyNotCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "why-not",
    abstract:
      "Say what stops a step from being reached: defence, missing association, requirement.",
    discussion: """
      Follows the step back over everything that is not reached, to where each way ends: a defence in place,
      a check that does not hold, a step nothing in the model leads to (with the lines of the language that
      would lead there), or a step that cannot succeed.

      EXAMPLES
        bartizan why-not "Dosing pump:unsafeSetPoint" --product bartizan.yaml --report report
        bartizan why-not "OS App:fullAccess" --language coreLang.mar --model plant.yml --entry "Net:access"
      """)

  @Argument(help: ArgumentHelp("The step.", valueName: "ASSET:STEP")) var step: String
  @OptionGroup var input: GraphInput
  @Option(help: ArgumentHelp("Reasons printed at most.", valueName: "N")) var limit = 20

  func validate() throws {
    guard limit >= 1 else { throw ValidationError("--limit is at least 1") }
  }

  func run() throws {
    try Terminal.reportingFailures {
      let questioned = try input.load()
      let graph = questioned.graph
      let target = try questioned.step(step)
      let reach = AttackReach(graph, from: questioned.entries.keys.sorted())
      guard !reach.isReached(target) else {
        Terminal.say("\(step) is reached; ask `bartizan explain`.")
        return
      }
      let obstacles = reach.obstacles(to: target)
      Terminal.say(
        "\(step) is not reached; \(obstacles.count) "
          + (obstacles.count == 1 ? "reason stops it:" : "reasons stop it, nearest first:"))
      for (index, obstacle) in obstacles.prefix(limit).enumerated() {
        Terminal.say("  \(index + 1). \(Self.text(obstacle, questioned))")
        if obstacle.way.count > 1 {
          Terminal.say(
            "       on the way " + obstacle.way.map(graph.name(of:)).joined(separator: " → "))
        }
        for line in Self.details(obstacle, graph) { Terminal.say("       \(line)") }
      }
      if obstacles.count > limit {
        Terminal.say("  … and \(obstacles.count - limit) more (--limit)")
      }
    }
  }

  private static func text(_ obstacle: Obstacle, _ questioned: QuestionedGraph) -> String {
    let name = questioned.graph.name(of: obstacle.step) + questioned.drawing(of: obstacle.step)
    return switch obstacle.cause {
    case .defense: "the defence \(name) is in place"
    case .impossible: "\(name) cannot succeed: its probability is 0"
    case .check: "the check \(name) does not hold"
    case .noWayIn: "nothing in the model leads to \(name), and no attacker stands there"
    case .circle: "only steps that rest on \(name) itself lead to it"
    }
  }

  private static func details(_ obstacle: Obstacle, _ graph: AttackGraph) -> [String] {
    switch obstacle.cause {
    case .check(let expressions):
      let isExist = graph.kind(of: obstacle.step) == .exist
      return [
        (isExist ? "no asset is there over " : "an asset is there over ")
          + expressions.map(\.text).joined(separator: ", ")
          + " (\(graph.type(of: obstacle.step).location))"
      ]
    case .noWayIn(let leads):
      return leads.map { lead in
        "\(lead.rule): \(lead.ownerType).\(lead.step) -> \(lead.walk) would, but "
          + (lead.candidates == 0
            ? "the model has no \(lead.ownerType)"
            : "none of the model's \(lead.candidates) \(lead.ownerType) is linked that way")
      }
    case .defense, .impossible, .circle: return []
    }
  }
}
