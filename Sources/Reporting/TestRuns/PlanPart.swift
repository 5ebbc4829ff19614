import AdversarialTesting
import EngineSupport
import ModelTesting

/// The plan of a run: its digest, how samples were drawn, what the input is, and who attacks with what.
struct PlanPart {
  let run: ModelTestResult

  /// Names in one cell; a plan can have thousands of channels.
  private static let namesAtMost = 12
  private static let channelsAtMost = 40
  private static let rangesAtMost = 24

  func render() -> [Markup] {
    [
      Fragment.subheading("What was planned"),
      Table(
        "Test plan", [.init("Property"), .init("Value")],
        rows: facts.map { [.text($0.0), $0.1] }
      ).render(),
      channels, attackers, cleanError,
    ]
  }

  private var plan: TestPlan { run.plan }

  /// Of a regression; classifications state their clean errors with each campaign.
  private var cleanError: Markup {
    guard let error = run.cleanError else { return .nothing }
    return Fragment.paragraph("Error on clean samples: \(Wording.sentence(for: error)).")
  }

  private var facts: [(String, Markup)] {
    [
      ("Title", .text(plan.title)), ("Document", .text(plan.document)),
      ("SHA-256 of the resolved plan", Fragment.code(run.digest.hexadecimal)),
      ("Profile", .text(run.profile.rawValue)), ("Seed", .text(String(run.seed))),
      ("Task", .text(task)),
      ("Sampling", .text(run.resolved["sampling"]?.string ?? "not said")),
      ("Samples tested", .text("n = \(run.rows.count)")),
      ("Rows of the evaluation data", .text(Self.ranges(run.rows))),
      (
        "Axes of a sample",
        .text(
          plan.input.layout.isEmpty
            ? "one value" : plan.input.layout.map(\.rawValue).joined(separator: " × "))
      ),
    ]
  }

  private var task: String {
    switch plan.task {
    case .regression(let tolerance, let unit):
      "regression; an answer that moves by more than \(DecimalText.quantity(tolerance)) \(unit) is wrong"
    case .classification(_, let quiet?):
      "detection; \(plan.name(ofClass: quiet)) raises no alarm"
    case .classification: "classification"
    }
  }

  private var channels: Markup {
    let all = plan.input.channels
    let table = Table(
      "Channels of the input",
      [
        .init("Channel"), .init("Unit"), .init("Range", isNumber: true),
        .init("Least significant bit", isNumber: true), .init("Noise at rest", isNumber: true),
        .init("Largest step", isNumber: true),
      ],
      rows: all.prefix(Self.channelsAtMost).map { channel in
        [
          .text(channel.name), .text(channel.unit),
          .text(
            "\(DecimalText.quantity(channel.range.lowerBound)) – "
              + DecimalText.quantity(channel.range.upperBound)),
          .text(
            channel.leastSignificantBit > 0
              ? DecimalText.quantity(channel.leastSignificantBit) : "continuous"),
          .text(channel.noise > 0 ? DecimalText.quantity(channel.noise) : "not known"),
          .text(channel.slew.map(DecimalText.quantity) ?? "no limit"),
        ]
      }
    ).render()
    guard all.count > Self.channelsAtMost else { return table }
    return .group([
      table, Fragment.note("The first \(Self.channelsAtMost) of \(all.count) channels are shown."),
    ])
  }

  private var attackers: Markup {
    Table(
      "Who attacks, with what",
      [
        .init("Front"), .init("Can write"), .init("Knows"), .init("Norm"),
        .init("Budgets"), .init("Laws of the input"), .init("Acceptable success"),
      ],
      rows: run.attackers.map { result in
        let attacker = result.attacker
        return [
          .text(attacker.front.rawValue), .text(names(attacker.writes)),
          .text(Self.words(attacker.knowledge)), .text(attacker.norm.rawValue),
          .text(
            attacker.budgets.map(DecimalText.quantity).joined(separator: ", ") + " \(result.unit); "
              + "chosen \(DecimalText.quantity(attacker.chosen))"),
          .text(Self.laws(of: result)),
          .text(
            attacker.acceptance.map {
              "at most \(DecimalText.percent($0.largestRate)): \($0.reason)"
            } ?? "the plan says nothing"),
        ]
      }, whenEmpty: "The plan describes no attacker."
    ).render()
  }

  private static func laws(of result: AttackerResult) -> String {
    guard result.attacker.obeysLaws else { return "do not bind" }
    return result.unconstrained == nil ? "none" : "bind"
  }

  private func names(_ places: [Int]) -> String {
    let all = plan.input.channels
    if places.count == all.count, all.count > 1 { return "all \(all.count) channels" }
    let named = places.filter(all.indices.contains).prefix(Self.namesAtMost).map { all[$0].name }
    let rest = places.count - named.count
    return named.joined(separator: "; ") + (rest > 0 ? "; and \(rest) more" : "")
  }

  private static func words(_ access: TargetAccess) -> String {
    switch access {
    case .decisions: "the answer alone"
    case .scores: "the scores"
    case .gradients: "the model file: scores and gradients"
    }
  }

  /// Ascending numbers with neighbours joined: `0–3, 7`.
  static func ranges(_ rows: [Int]) -> String {
    var ranges: [ClosedRange<Int>] = []
    for row in rows {
      if let last = ranges.last, last.upperBound < Int.max, row == last.upperBound + 1 {
        ranges[ranges.count - 1] = last.lowerBound...row
      } else {
        ranges.append(row...row)
      }
    }
    let shown = ranges.prefix(rangesAtMost).map { range in
      range.count == 1 ? "\(range.lowerBound)" : "\(range.lowerBound)–\(range.upperBound)"
    }
    let rest = ranges.dropFirst(rangesAtMost).reduce(0) { $0 + $1.count }
    return shown.joined(separator: ", ") + (rest > 0 ? " and \(rest) more" : "")
  }
}
