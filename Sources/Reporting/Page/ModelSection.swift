import AdversarialTesting
import AssessmentPipeline
import AttackGraphs
import EngineSupport
import ModelTesting
import TensorCore
import ThreatKnowledge

/// What the tests of each model showed, how far they can be trusted, and what was not tested.
struct ModelSection: PageSection {
  static let anchor = "models"
  static let title = "Model tests"

  let result: AssessmentResult

  init(result: AssessmentResult, layout: any GraphLayout) { self.result = result }

  func content() -> [Markup] {
    guard !result.models.isEmpty else { return [Fragment.note("The product file names no model.")] }
    let note = Fragment.note(
      "Tests attack the samples that the model classifies correctly. A found example proves that an attack "
        + "succeeds at least that often, and that robustness is at most the rest; nothing found proves "
        + "nothing about a stronger attacker. Intervals are two-sided 95 % Clopper–Pearson intervals."
    )
    return [note] + result.models.enumerated().flatMap { model($1, number: $0 + 1) }
      + FindingBox.all(of: .modelTest, in: result).map { $0.render() }
  }

  private func model(_ model: ModelAssessment, number: Int) -> [Markup] {
    var parts = [Fragment.heading("Model \(model.id)"), facts(model)]
    if let plot = RobustnessPlot(of: model, id: "robustness-\(number)") {
      let trials = model.tests.map { test in
        "\(test.id): n = \(test.result.budgets.map(\.trials).max() ?? 0)"
      }
      parts.append(
        Fragment.figure(
          plot.render(),
          caption:
            "Success rate against the largest change of any input element, with 95 % Clopper–Pearson "
            + "intervals. Trials: \(trials.joined(separator: "; "))."))
    }
    parts += model.tests.enumerated().flatMap { place, test in
      self.test(test, of: model, picture: "reading-\(number)-\(place + 1)")
    }
    if !model.notTested.isEmpty {
      parts += [
        Fragment.subheading("What was not tested, and why"),
        Fragment.bullets(model.notTested.map { .text($0) }),
      ]
    }
    return parts
  }

  private func facts(_ model: ModelAssessment) -> Markup {
    let facts = model.facts
    let operators = facts.operators.map { "\($0.name) × \($0.count)" }.joined(separator: ", ")
    let shape = facts.inputShape.map(String.init).joined(separator: " × ")
    let rows: [(String, String)] = [
      ("File", model.file.name), ("In the attack graph", model.asset),
      ("Evaluation data", model.evaluation?.name ?? "none given"),
      ("Producer", facts.producer.isEmpty ? "not said" : facts.producer),
      ("Format", "ONNX IR version \(facts.irVersion), opset \(facts.opset)"),
      ("Input", "\(facts.inputName), \(shape) a sample"),
      ("Output", "\(facts.outputName), \(Wording.plural(facts.classCount, "class", "classes"))"),
      ("Parameters", String(facts.parameters)),
      ("Multiply-adds a sample", String(facts.multiplyAdds)), ("Operators", operators),
    ]
    return Table(
      "What the file itself says", [.init("Property"), .init("Value")],
      rows: rows.map { [.text($0.0), .text($0.1)] }
    ).render()
  }

  private func test(_ test: ModelTest, of model: ModelAssessment, picture: String) -> [Markup] {
    let result = test.result
    let parameters = result.parameters.map { "\($0.name): \($0.value)" }.joined(separator: "; ")
    return [
      Fragment.subheading("\(test.id): \(test.title)"),
      tag("p", [], tag("strong", [], .text(Wording.sentence(for: result.verdict)))),
      tag("p", [], "Why these limits: ", .text(test.reason)),
      budgets(test), checks(test),
      Fragment.note(
        "Attack \(result.attack); \(parameters). Seed \(result.seed). \(result.samples.count) samples, of "
          + "which \(result.cleanErrors) were wrong without any attack and are no trials (95 % interval of "
          + "that rate \(DecimalText.percent(result.cleanErrorInterval.lower)) to "
          + "\(DecimalText.percent(result.cleanErrorInterval.upper))). Queries of the attack: "
          + "\(result.spentByAttack.forward) forward, \(result.spentByAttack.backward) backward. "
          + "Candidates that replay rejected: \(result.rejected.count). Every sample: "
          + "\(TestRecordReporter.fileName(of: test, model: model)). Ledger record \(test.record.short)."
      ),
    ] + (example(test, of: model, picture: picture).map { [$0] } ?? [])
  }

  private func budgets(_ test: ModelTest) -> Markup {
    let title = test.step == .errUnderNoise ? "Noise cut off at" : "Largest change"
    return Table(
      "Success by budget, \(test.id)",
      [
        .init("\(title) (\(test.unit))", isNumber: true), .init("Trials n", isNumber: true),
        .init("Broken", isNumber: true), .init("Attack success at least", isNumber: true),
        .init("Robustness at most", isNumber: true),
        .init("95 % interval of success", isNumber: true),
        .init("Enters the graph"),
      ],
      rows: test.result.budgets.map { row in
        [
          .text(DecimalText.quantity(row.budget)), .text("\(row.trials)"),
          .text("\(row.successes)"),
          .text(DecimalText.percent(row.rate)), .text(DecimalText.percent(1 - row.rate)),
          .text(
            "\(DecimalText.percent(row.interval.lower)) – \(DecimalText.percent(row.interval.upper))"
          ),
          .text(entersGraph(row, of: test)),
        ]
      }
    ).render()
  }

  private func entersGraph(_ row: BudgetResult, of test: ModelTest) -> String {
    guard row.budget == test.chosenBudget else { return "" }
    guard let measured = test.measurement else {
      return "chosen, but inconclusive: the prior stays"
    }
    return "as \(Wording.probability(measured.rate)) for \(measured.step)"
  }

  private func checks(_ test: ModelTest) -> Markup {
    Table(
      "Self-checks of the campaign, \(test.id)",
      [.init("Check"), .init("What it asks"), .init("Outcome"), .init("Figures")],
      rows: test.result.checks.map { check in
        [
          .text(check.identifier.rawValue), .text(Wording.title(of: check.identifier)),
          tag("strong", [], .text(check.outcome.rawValue)), .text(check.detail),
        ]
      }
    ).render()
  }

  /// The first sample that broke at the budget whose rate enters the graph, or at a smaller one.
  private func example(
    _ test: ModelTest, of model: ModelAssessment, picture: String
  ) -> Markup? {
    guard
      let sample = test.result.samples.first(where: {
        $0.example.map { $0.budget <= test.chosenBudget } ?? false
      }), let example = sample.example,
      let channel = model.run?.plan.input.channels.first,
      let reading = ReadingPicture(
        shape: model.facts.inputShape, clean: example.original, changed: example.reading,
        range: channel.range)
    else { return nil }
    let caption =
      "Sample \(sample.index), labelled \(sample.label): clean, it is read as "
      + "\(sample.cleanPrediction); perturbed, as \(example.prediction). The first sample that broke within "
      + "\(DecimalText.quantity(test.chosenBudget)) \(test.unit). Black is "
      + "\(DecimalText.quantity(reading.range.lowerBound)), white "
      + "\(DecimalText.quantity(reading.range.upperBound)) \(test.unit). Difference: \(reading.changedCells) of "
      + "\(example.reading.count) cells were changed, by at most "
      + "\(DecimalText.quantity(reading.largestChange)) \(test.unit); lighter with + is more, darker with − is "
      + "less, plain grey is unchanged."
    return tag(
      "figure", class: "readings",
      tag(
        "div", class: "row",
        reading.render(id: picture, title: "Broken sample of \(test.id)", description: caption)),
      tag("figcaption", [], .text(caption)))
  }
}
