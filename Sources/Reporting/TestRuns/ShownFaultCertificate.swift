import AdversarialTesting
import EngineSupport
import ModelTesting
import TensorCore

/// One family of sensor faults in words: what it does to which channels, and what is known of it.
struct ShownFaultCertificate {
  let result: FaultCertificateResult
  let plan: TestPlan

  init(_ result: FaultCertificateResult, of plan: TestPlan) {
    self.result = result
    self.plan = plan
  }

  var title: String {
    let front = (result.test.front).map { "\($0.rawValue) front, " } ?? ""
    return "\(front)\(channels): \(family)"
  }

  private static let namesAtMost = 6

  var channels: String {
    let all = plan.input.channels
    let places = result.test.channels
    if places.count == all.count, all.count > 1 { return "all \(all.count) channels" }
    let named = places.filter(all.indices.contains).prefix(Self.namesAtMost).map { all[$0].name }
    let rest = places.count - named.count
    return named.joined(separator: "; ") + (rest > 0 ? "; and \(rest) more" : "")
  }

  /// Kinds with their ranges and units.
  var family: String {
    let from = result.test.onset > 0 ? ", from instant \(result.test.onset) on" : ""
    return result.test.parameters.map { parameter in
      "\(parameter.kind.rawValue) \(range(of: parameter))"
    }.joined(separator: ", ") + from
  }

  /// One number of the family in words.
  func text(of value: Double, _ kind: ParametricFault.Kind) -> String {
    kind == .gain
      ? "\(DecimalText.quantity(100 * value)) %"
      : "\(DecimalText.quantity(value)) \(plan.unit(of: kind, in: result.test))"
  }

  /// A fault that was found, in words.
  func text(of found: FaultCertificateRow.Found) -> String {
    zip(result.test.parameters, found.values).map { parameter, value in
      "\(parameter.kind.rawValue) \(text(of: value, parameter.kind))"
    }.joined(separator: ", ")
  }

  private func range(of parameter: ParametricFault.Parameter) -> String {
    parameter.least == -parameter.most
      ? "±\(text(of: parameter.most, parameter.kind))"
      : "\(DecimalText.quantity(parameter.kind == .gain ? 100 * parameter.least : parameter.least)) "
        + "to \(text(of: parameter.most, parameter.kind))"
  }

  /// What is known of all samples together.
  var headline: String {
    guard result.trials > 0 else { return "no sample is right without a fault" }
    let trials = Double(result.trials)
    let kept = Double(result.trials - result.refuted) / trials
    return "\(result.proved) of \(result.trials) proved, \(result.refuted) refuted, "
      + "\(result.unknown) open; between \(DecimalText.percent(Double(result.proved) / trials)) and "
      + "\(DecimalText.percent(kept)) keep their answer under every such fault, with 95 % confidence "
      + "between \(DecimalText.percent(result.provedInterval.lower)) and "
      + DecimalText.percent(result.unrefutedInterval.upper)
  }
}
