import AdversarialTesting
import AssessmentPipeline
import AttackGraphs
import EngineSupport
import ModelTesting
import ThreatKnowledge

/// The sentences and number forms that several reports and pictures share, so that all say it alike.
enum Wording {
  static let schema = "bartizan-threat-model/1"

  static let standard = [
    "The trade press reports, as of May 2026, a requirement called \"AI-driven threat modeling (AI-TM)\" "
      + "in \"Clause 7 of IEC 62443-4-2:2026\". No such edition could be confirmed: the edition that "
      + "can be checked is IEC 62443-4-2:2019 (edition 1.0), and its clause 7 is about system integrity.",
    "Requirements of that origin are labelled \"as reported, not verified\" wherever they appear.",
    "Nothing in this report states conformity with any standard. It says what can be derived from the "
      + "given documents by the given rules, and what was measured on the given files.",
  ]

  /// Four decimals, or two digits of a number that would show as nothing.
  static func probability(_ value: Double) -> String {
    if value == 0 || value >= 0.001 || !value.isFinite {
      return DecimalText.fixed(value, digits: 4)
    }
    for digits in 5...9 where value >= PowersOfTen.below[digits] {
      return DecimalText.fixed(value, digits: min(9, digits + 1))
    }
    return "< 0.000000001"
  }

  static func fronts(_ fronts: Fronts) -> String {
    switch fronts {
    case .both: "both fronts"
    case .network: "the network front alone"
    case .sensor: "the sensor front alone"
    default: "no front"
    }
  }

  static func front(of step: DemonstratedStep) -> Fronts {
    switch step {
    case .evadeBySensor, .errUnderNoise: .sensor
    case .evadeByNetwork: .network
    }
  }

  static func label(of step: DemonstratedStep) -> String {
    switch step {
    case .evadeBySensor: "attack, sensor front"
    case .evadeByNetwork: "attack, network front"
    case .errUnderNoise: "sensor noise, no attacker"
    }
  }

  /// What a campaign's verdict does and does not mean.
  static func sentence(for verdict: CampaignResult.Verdict) -> String {
    switch verdict {
    case .broken:
      "Broken: confirmed examples exist. Attack success is at least the measured rate, robustness at most "
        + "one minus it; a stronger attack can only raise the first and lower the second."
    case .withstood:
      "Withstood: this attack found no example and all its self-checks passed. That is no proof that none "
        + "exists: the interval bounds this attack's rate, not every attacker's."
    case .inconclusive:
      "Inconclusive: a self-check failed, or there was nothing to attack. The figures prove nothing about "
        + "robustness, and the attack graph keeps its prior."
    }
  }

  /// The smallest budget at which a sample broke: a verdict speaks of the whole ladder, a rate of one budget.
  static func firstBroken(in result: CampaignResult, unit: String) -> String? {
    guard result.verdict == .broken,
      let row = result.budgets.first(where: { $0.successes > 0 })
    else { return nil }
    return "\(DecimalText.quantity(row.budget)) \(unit)"
  }

  /// How far a regression is off before anybody disturbs it.
  static func sentence(for error: RegressionError) -> String {
    "mean absolute \(DecimalText.quantity(error.meanAbsolute, figures: 3)) \(error.unit), largest "
      + "\(DecimalText.quantity(error.largest, figures: 3)) \(error.unit) (row \(error.row)), n = \(error.samples)"
  }

  static func sentence(for verdict: Finding.Verdict) -> String {
    switch verdict {
    case .provenByTest: "a test demonstrated it on the very bytes that were given"
    case .measuredInPart: "the rules derive it, and a step on the way carries a measured rate"
    case .supportedByRule: "the rules of the threat language derive it; no test was run on it"
    case .refutedByTest: "a test tried to demonstrate it and did not succeed"
    case .inconclusive: "a test ran, but one of its self-checks failed"
    case .claimed:
      "the rules derive it, and how likely it is rests on a defence that is only claimed"
    case .untestable: "it asks for a test that cannot be run on what was given"
    case .open: "the inputs leave it open"
    case .observed: "the inputs themselves show it"
    }
  }

  static func title(of check: SelfCheck.Identifier) -> String {
    switch check {
    case .s1GradientAudit: "gradients agree with differences of the outputs"
    case .s2GradientAtStart: "gradients at the start are not masked"
    case .s3IterativeNotBelowSingleStep: "the iterative attack is not weaker than its single step"
    case .s4MonotoneInBudget: "more budget does not find clearly less"
    case .s5Converged: "twice the effort breaks hardly more"
    case .s6WhiteBoxNotBelowBlackBox: "an attack on scores alone breaks no more"
    case .s7NoiseNeverBeatsAttack: "random noise beats the attack on no sample"
    case .s8TransferNotAboveWhiteBox: "examples from a surrogate break no more"
    case .s9PlantedAdversary: "the attack finds planted adversaries"
    case .s10Controls: "a weak model is broken and a robust one is not"
    case .s11Determinism: "attack and model repeat bit for bit"
    case .s12FailureIndicators: "no indicator of a failed attack is raised"
    case .s13Validity: "each example is valid and survives replay in single and double precision"
    case .s14CertificatesHold: "no example lies inside a certified radius"
    }
  }

  static func title(of kind: Finding.Kind) -> String {
    switch kind {
    case .attackPath: "attack path"
    case .modelTest: "model test"
    case .lineage: "lineage"
    case .drawing: "drawing"
    case .securityLevel: "security level"
    }
  }

  static func plural(_ count: Int, _ one: String, _ many: String) -> String {
    count == 1 ? "1 \(one)" : "\(count) \(many)"
  }

  private enum PowersOfTen {
    static let below: [Double] = [1, 0.1, 0.01, 1e-3, 1e-4, 1e-5, 1e-6, 1e-7, 1e-8, 1e-9]
  }
}
