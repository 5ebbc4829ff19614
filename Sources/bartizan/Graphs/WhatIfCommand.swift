import ArgumentParser
import AssessmentPipeline
import AttackGraphs
import EngineSupport
import ThreatLanguage

/// `bartizan what-if`: what a change of defences or measured rates would change.
struct WhatIfCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "what-if",
    abstract: "Toggle defences or assume other measured rates, and see what changes.",
    discussion: """
      EXAMPLES
        bartizan what-if --product bartizan.yaml --report report --enable "SCADA server:plausibilityCheck"
        bartizan what-if --product bartizan.yaml --assume "Gauge reader CNN:evadeBySensor=0.05"
        bartizan what-if --language coreLang.mar --model plant.yml --entry "Net:access" \\
          --goal "Data:read" --disable "App:notPresent"
      """)

  @OptionGroup var input: GraphInput

  @Option(help: ArgumentHelp("A defence to put in place.", valueName: "ASSET:DEFENCE"))
  var enable: [String] = []

  @Option(help: ArgumentHelp("A defence to take away.", valueName: "ASSET:DEFENCE"))
  var disable: [String] = []

  @Option(
    help: ArgumentHelp("A success rate to assume for a step.", valueName: "ASSET:STEP=RATE"))
  var assume: [String] = []

  @Option(
    help: ArgumentHelp(
      "A step to compare (with --model; a product has its consequences).", valueName: "ASSET:STEP"))
  var goal: [String] = []

  func validate() throws {
    guard !(enable.isEmpty && disable.isEmpty && assume.isEmpty) else {
      throw ValidationError("give at least one --enable, --disable or --assume")
    }
  }

  func run() throws {
    try Terminal.reportingFailures {
      var questioned = try input.load()
      for name in goal { questioned.goals.append((name, try questioned.step(name))) }
      var assumed: [AttackGraph.StepID: Double] = [:]
      for text in assume {
        let (name, rate) = try Self.assumption(text)
        assumed[try questioned.step(name)] = rate
      }
      let question = WhatIfQuestion(
        id: "what-if", description: "",
        enable: try enable.map(questioned.defense),
        disable: try disable.map(questioned.defense), assume: assumed)
      let result = question.answer(
        graph: questioned.graph, entries: questioned.entries, goals: questioned.goals,
        expansionLimit: 5_000)
      for line in Self.lines(result) { Terminal.say(line) }
    }
  }

  private static func assumption(_ text: String) throws(Diagnostic) -> (String, Double) {
    guard let sign = text.lastIndex(of: "="), let rate = Double(text[text.index(after: sign)...]),
      (0...1).contains(rate)
    else {
      throw Diagnostic(
        "what-if.assumption.malformed", "\"\(text)\" is no assumption",
        hint: "write \"asset:step=rate\" with a rate from 0 to 1")
    }
    return (String(text[..<sign]), rate)
  }

  private static func lines(_ result: WhatIfResult) -> [String] {
    var lines: [String] = []
    for goal in result.goals {
      lines.append("\(goal.id)")
      lines.append("  before  \(text(goal.before))")
      lines.append(
        "  after   \(text(goal.after))\(goal.before == goal.after ? "  (unchanged)" : "")")
    }
    lines += list("no longer reached", result.lost) + list("newly reached", result.gained)
    return lines
  }

  private static func text(_ state: WhatIfResult.State) -> String {
    let fronts =
      [("network", state.byNetworkAlone), ("sensor", state.bySensorAlone)].filter(\.1).map(\.0)
    let reach =
      fronts.isEmpty
      ? (state.byBoth ? "reached by both fronts together only" : "not reached")
      : "reached by " + fronts.joined(separator: " or ") + " alone"
    return "\(reach); best path \(DecimalText.fixed(state.probability, digits: 4))"
  }

  private static func list(_ title: String, _ names: [String]) -> [String] {
    let shown = names.prefix(20).map { "  \($0)" }
    let rest = names.count - shown.count
    return ["\(title): \(names.count) steps"] + shown + (rest > 0 ? ["  … and \(rest) more"] : [])
  }
}
