import ArgumentParser
import AssessmentPipeline
import AttackGraphs
import EngineSupport

/// `bartizan graph harden`: which defences put steps out of reach, at what cost.
struct GraphHardenCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "harden",
    abstract: "Find the cheapest defences that put steps out of reach, and what each budget buys.",
    discussion: """
      The attacker stands at every entry point of both fronts. Any defence that may be absent can be put in place; it
      costs 1 unless --cost (or the product file's defence_costs) says otherwise. Sets are found by the
      answer-set solver clasp, and each is checked by this engine's own reachability.

      EXAMPLES
        bartizan graph harden --product bartizan.yaml
        bartizan graph harden "Data:read" --language coreLang.mar --model plant.yml \\
          --entry "Net:access" --cost "App:notPresent=5" --budget 3
      """)

  @Argument(
    help: ArgumentHelp("Steps or consequences; all consequences if none.", valueName: "ASSET:STEP"))
  var goals: [String] = []
  @OptionGroup var input: GraphInput
  @Option(
    help: ArgumentHelp("What a defence costs, if not 1.", valueName: "ASSET:DEFENCE=COST"))
  var cost: [String] = []
  @Option(help: ArgumentHelp("Say what this much buys.", valueName: "COST")) var budget: Int?
  @Option(help: ArgumentHelp("Minimal sets listed at most.", valueName: "N")) var count = 10

  func validate() throws {
    guard (1...10_000).contains(count) else {
      throw ValidationError("--count is from 1 to 10000")
    }
    if let budget, budget < 0 { throw ValidationError("--budget is not negative") }
  }

  func run() throws {
    try Terminal.reportingFailures {
      let questioned = try input.load()
      var costs = questioned.defenseCosts
      for text in cost {
        let (name, value) = try Self.cost(text)
        costs[try questioned.defense(name)] = value
      }
      var question = HardeningQuestion(
        graph: questioned.graph, entries: questioned.entries,
        goals: try questioned.goals(named: goals), costs: costs)
      question.alternativesLimit = count
      for line in HardeningText(try question.plan(using: ClaspSolver()), budget: budget).lines {
        Terminal.say(line)
      }
    }
  }

  private static func cost(_ text: String) throws(Diagnostic) -> (String, Int) {
    guard let sign = text.lastIndex(of: "="), let cost = Int(text[text.index(after: sign)...]),
      cost >= 1
    else {
      throw Diagnostic(
        "harden.cost.malformed", "\"\(text)\" is no cost of a defence",
        hint: "write \"asset:defence=cost\" with a whole number above 0")
    }
    return (String(text[..<sign]), cost)
  }
}
