import ArgumentParser
import AssessmentPipeline
import AttackGraphs
import EngineSupport
import Foundation

/// `bartizan graph times`: how soon steps are reached.
struct GraphTimesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "times",
    abstract: "Play the attack many times and say how soon steps are reached.",
    discussion: """
      In each game every uncertain defence is there or not and every step takes a time drawn from its distribution;
      an OR step falls with its earliest parent, an AND step with its latest. Intervals are 95 %.

      --mode means plays one game in which every step takes its mean time, every gate that can open does, and a
      defence is there only if it certainly is; --mode mal-simulator does the same with the expected values
      that mal-simulator 3.3 computes.

      EXAMPLES
        bartizan graph times --product bartizan.yaml --report report
        bartizan graph times "Data:read" --language coreLang.mar --model plant.yml --entry "Net:access"
      """)

  @Argument(
    help: ArgumentHelp("Steps or consequences; all consequences if none.", valueName: "ASSET:STEP"))
  var goals: [String] = []
  @OptionGroup var input: GraphInput
  @Option(
    help: "sampled, means or mal-simulator.",
    transform: { text in
      guard let mode = TimesQuestion.Mode(rawValue: text) else {
        throw ValidationError("--mode is sampled, means or mal-simulator")
      }
      return mode
    }) var mode = TimesQuestion.Mode.sampled
  @Option(help: ArgumentHelp("Games played.", valueName: "N")) var samples = 10_000
  @Option(help: ArgumentHelp("Seed of the games.", valueName: "N")) var seed: UInt64 = 1
  @Option(help: ArgumentHelp("Threads; the answer does not depend on it.", valueName: "N"))
  var jobs = ProcessInfo.processInfo.activeProcessorCount

  func validate() throws {
    guard (1...10_000_000).contains(samples) else {
      throw ValidationError("--samples is from 1 to 10000000")
    }
    guard (1...1_024).contains(jobs) else { throw ValidationError("--jobs is from 1 to 1024") }
  }

  func run() throws {
    try Terminal.reportingFailures {
      let questioned = try input.load()
      var question = TimesQuestion(
        graph: questioned.graph, entries: questioned.entries,
        goals: try questioned.goals(named: goals), seed: seed, horizon: questioned.horizon,
        jobs: jobs)
      question.mode = mode
      question.samples = samples
      for times in try question.answer() {
        Terminal.say(mode == .sampled ? Self.sampled(times, questioned.horizon) : Self.mean(times))
      }
    }
  }

  private static func mean(_ goal: GoalTimes) -> String {
    goal.times.days.first.map { "\(goal.id): reached after \(days($0)) days of means" }
      ?? "\(goal.id): never reached"
  }

  private static func sampled(_ goal: GoalTimes, _ horizon: Double) -> String {
    let times = goal.times
    let within = goal.withinHorizon
    var lines = [
      "\(goal.id): \(times.sampleCount) games",
      "  within \(DecimalText.quantity(horizon)) days  \(DecimalText.percent(within.value)) "
        + "[\(DecimalText.percent(within.lower)), \(DecimalText.percent(within.upper))]",
    ]
    for quantile in goal.quantiles {
      let estimate = quantile.days
      lines.append(
        "  \(DecimalText.percent(quantile.level)) of games by day  \(days(estimate.value)) "
          + "[\(days(estimate.lower)), \(days(estimate.upper))]")
    }
    if let mean = times.meanWhenReached {
      let error = times.standardError.map { ", standard error \(days($0))" } ?? ""
      lines.append("  mean where reached  \(days(mean)) days\(error)")
    }
    lines.append("  never  \(times.neverCount) of \(times.sampleCount) games")
    return lines.joined(separator: "\n")
  }

  private static func days(_ value: Double) -> String {
    value == .infinity ? "never" : DecimalText.fixed(value, digits: 2)
  }
}
