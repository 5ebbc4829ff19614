import AdversarialTesting
import AssessmentPipeline
import EngineSupport
import ModelTesting

/// What the tests of one model showed, part by part: shared by an assessment's report and a test run's page.
struct ModelParts {
  /// The model's name in titles.
  let name: String
  /// What the ids of its pictures end in; unique in the page.
  let suffix: String
  let facts: [(String, String)]
  /// Shape of one sample.
  let shape: [Int]
  let run: ModelTestResult?
  let campaigns: [ShownCampaign]
  let notTested: [String]

  static let note =
    "Tests attack the samples that the model answers correctly. A found example proves that an attack "
    + "succeeds at least that often, and that robustness is at most the rest; nothing found proves "
    + "nothing about a stronger attacker. Intervals are two-sided 95 % Clopper–Pearson intervals."

  func render() -> [Markup] {
    let rows = facts.map { [Markup.text($0.0), .text($0.1)] }
    var parts = [
      Fragment.heading("Model \(name)"),
      Table("What the file itself says", [.init("Property"), .init("Value")], rows: rows).render(),
    ]
    if let run { parts += PlanPart(run: run).render() + StreamPart(run: run).render() }
    parts += RobustnessPlot.all(of: campaigns, model: name, id: "robustness-\(suffix)").map {
      Fragment.figure($0.render(), caption: $0.caption)
    }
    parts += campaigns.enumerated().flatMap { place, campaign in
      CampaignPart(campaign: campaign).render()
        + [
          ExamplePart(campaign: campaign, plan: run?.plan, shape: self.shape(of: campaign))
            .render(id: "reading-\(suffix)-\(place + 1)")
        ]
    }
    if let run {
      parts += SurvivalPart.faults(of: run).render(id: "faults-\(suffix)")
      parts += SurvivalPart.corruptions(of: run).render(id: "corruptions-\(suffix)")
      parts += FaultCertificatePart(run: run, model: name).render(id: "fault-proofs-\(suffix)")
      parts += PropertiesPart(run: run).render()
      parts += SmoothingPart(run: run).render(id: "smoothing-\(suffix)")
      if let brackets = run.brackets {
        parts += BracketPart(result: brackets, model: name).render(id: "brackets-\(suffix)")
      }
    }
    if !notTested.isEmpty {
      parts += [
        Fragment.subheading("What was not tested, and why"),
        Fragment.bullets(notTested.map { .text($0) }),
      ]
    }
    return parts
  }

  /// A stream is longer than a window.
  private func shape(of campaign: ShownCampaign) -> [Int] {
    guard campaign.isOverStreams, let run, let streams = run.streams,
      let time = run.plan.input.axis(.time), shape.indices.contains(time)
    else { return shape }
    var shape = shape
    shape[time] = streams.length
    return shape
  }

  /// Rows of the table of facts that come from the model's own file.
  static func rows(of facts: ModelAssessment.Facts) -> [(String, String)] {
    let operators = facts.operators.map { "\($0.name) × \($0.count)" }.joined(separator: ", ")
    let shape = facts.inputShape.map(String.init).joined(separator: " × ")
    return [
      ("Producer", facts.producer.isEmpty ? "not said" : facts.producer),
      ("Format", "ONNX IR version \(facts.irVersion), opset \(facts.opset)"),
      ("Input", "\(facts.inputName), \(shape) a sample"),
      ("Output", "\(facts.outputName), \(Wording.plural(facts.classCount, "value", "values"))"),
      ("Parameters", String(facts.parameters)),
      ("Multiply-adds a sample", String(facts.multiplyAdds)), ("Operators", operators),
    ]
  }
}
