import AdversarialTesting
import EngineSupport

/// A property in words, for tables and records.
extension TestPlan {
  /// What must hold.
  public func claim(of test: PropertyTest) -> String {
    switch test.claim {
    case .monotone(let channel, let direction, let output, let tolerance):
      let verb = direction == .rising ? "rises" : "falls"
      return "\(outputName(output)) \(verb) with \(input.channels[channel].name), but for "
        + "\(DecimalText.quantity(tolerance))\(outputUnit)"
    case .conditional(.label(let label)): return "the answer is \(name(ofClass: label))"
    case .conditional(.output(let output, let range)):
      return "\(outputName(output)) lies between \(DecimalText.quantity(range.lowerBound)) and "
        + "\(DecimalText.quantity(range.upperBound))\(outputUnit)"
    }
  }

  /// Over which readings.
  public func place(of test: PropertyTest) -> String {
    guard !test.ranges.isEmpty else { return "all readings of the channels' ranges" }
    return test.ranges.map { part in
      let channel = input.channels[part.channel]
      return "\(channel.name) from \(DecimalText.quantity(part.range.lowerBound)) to "
        + "\(DecimalText.quantity(part.range.upperBound)) \(channel.unit)"
    }.joined(separator: "; ")
  }

  private func outputName(_ output: Int) -> String {
    switch task {
    case .classification: "the score of \(name(ofClass: output))"
    case .regression: output == 0 ? "the output" : "output \(output)"
    }
  }

  private var outputUnit: String {
    if case .regression(_, let unit) = task { " \(unit)" } else { "" }
  }
}
