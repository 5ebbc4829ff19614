import ArgumentParser
import AttackGraphs
import EngineSupport

/// `bartizan graph paths`: the best derivations of steps by any cost.
struct GraphPathsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "paths",
    abstract: "List the best ways to a step by probability, effort or attack potential.",
    discussion: """
      A way chooses one parent for each OR step and takes all parents of each AND step. Three numbers are called the
      cost of a way: the tree cost counts a step each time something rests on it, the set cost counts each distinct
      step once, and the proven minimum is the least set cost of any way. The list says which one orders it, and
      whether it is complete.

      EXAMPLES
        bartizan graph paths unsafe-set-point --product bartizan.yaml --report report
        bartizan graph paths "Data:read" --language coreLang.mar --model plant.yml \\
          --entry "Net:access" --cost effort --count 5
      """)

  enum Cost: String, ExpressibleByArgument, CaseIterable {
    case probability, effort, points

    var measure: StepCost {
      switch self {
      case .probability: .negativeLogProbability
      case .effort: .expectedEffort
      case .points: .attackPotentialPoints
      }
    }
  }

  enum Order: String, ExpressibleByArgument, CaseIterable {
    case set, tree

    var measure: DerivationCosts.Measure { self == .set ? .setCost : .treeCost }
  }

  enum Position: String, ExpressibleByArgument, CaseIterable {
    case any, network, sensor, both

    var position: AttackerPosition {
      switch self {
      case .any: .within(.both)
      case .network: .needing(.network)
      case .sensor: .needing(.sensor)
      case .both: .needing(.both)
      }
    }
  }

  @Argument(
    help: ArgumentHelp("Steps or consequences; all consequences if none.", valueName: "ASSET:STEP"))
  var goals: [String] = []
  @OptionGroup var input: GraphInput
  @Option(help: "What a step costs: probability, effort (mean attacker days) or points (CEM).")
  var cost = Cost.probability
  @Option(help: "The cost that orders the list: set or tree.") var order = Order.set
  @Option(help: "Ways that need exactly this front: network, sensor, both; or any.")
  var fronts = Position.any
  @Option(help: ArgumentHelp("Ways listed at most.", valueName: "N")) var count = 3
  @Option(
    help: ArgumentHelp("States of the search looked at, at most.", valueName: "N"))
  var effort = 20_000

  func validate() throws {
    guard (1...10_000).contains(count) else {
      throw ValidationError("--count is from 1 to 10000")
    }
    guard effort >= 1 else { throw ValidationError("--effort is at least 1") }
  }

  func run() throws {
    try Terminal.reportingFailures {
      let questioned = try input.load()
      for goal in try questioned.goals(named: goals) {
        let list = try questioned.graph.derivations(
          of: goal.step, from: questioned.entries, at: fronts.position, cost: cost.measure,
          by: order.measure, limit: count, expansionLimit: effort, minimumExpansions: effort)
        for line in DerivationText(list, goal: goal, in: questioned, position: fronts.rawValue)
          .lines
        {
          Terminal.say(line)
        }
      }
    }
  }
}
