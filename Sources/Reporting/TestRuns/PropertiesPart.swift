import AdversarialTesting
import EngineSupport
import ModelTesting

/// Properties of the model over boxes of readings: what is proved, broken and open.
struct PropertiesPart {
  let run: ModelTestResult

  /// Readings in one cell.
  private static let readingsAtMost = 12

  /// Nothing where the plan asks for none.
  func render() -> [Markup] {
    guard !run.properties.isEmpty else { return [] }
    return [
      Fragment.subheading("Properties over boxes of readings"),
      Fragment.paragraph(
        "A property speaks of every reading of its box, not of samples alone. Proved: none breaks it. Refuted: the "
          + "reading shown does, in single and in double precision. Unknown: neither was shown with this profile's "
          + "effort."),
      Table(
        "Properties",
        [
          .init("Property"), .init("What must hold"), .init("Where"), .init("Why"),
          .init("Verdict"), .init("Shown by"),
        ],
        rows: run.properties.map { result in
          [
            .text(result.test.name), .text(run.plan.claim(of: result.test)),
            .text(run.plan.place(of: result.test)), .text(result.test.reason),
            tag("strong", [], .text(result.verdict.rawValue)), .text(evidence(result)),
          ]
        }
      ).render(),
    ]
  }

  private func evidence(_ result: PropertyResult) -> String {
    if let example = result.counterexample { return words(example) }
    switch result.verdict {
    case .proved: return "bounds over the whole box"
    case .refuted, .unknown:
      if let limitation = result.limitation { return limitation }
      return "\(DecimalText.percent(result.openShare)) of the boxes are open"
    }
  }

  /// Channels that are one number each are named; of larger samples what changed is.
  private func words(_ example: PropertyResult.Counterexample) -> String {
    guard let first = example.readings.first else { return "" }
    let input = run.plan.input
    let changed = example.readings.dropFirst().first.map { second in
      first.indices.filter { first[$0] != second[$0] }
    }
    let shown = first.count == input.channels.count ? Array(first.indices) : changed ?? []
    let readings = shown.prefix(Self.readingsAtMost).map { element in
      let values = example.readings.map { DecimalText.quantity(units($0[element])) }
      let isChanged = changed?.contains(element) ?? true
      let text = isChanged ? values.joined(separator: " → ") : values[0]
      guard first.count == input.channels.count else { return "element \(element): \(text)" }
      return "\(input.channels[element].name) \(text) \(input.channels[element].unit)"
    }
    let rest = shown.count - readings.count
    return (readings + (rest > 0 ? ["and \(rest) more"] : [])).joined(separator: "; ")
      + ": outputs "
      + example.outputs.map { row in
        row.map { DecimalText.quantity(Double($0)) }.joined(separator: ", ")
      }.joined(separator: " → ")
  }

  private func units(_ value: Float) -> Double {
    let scaling = run.plan.input.scaling
    return Double(value) * scaling.unitsPerTensorUnit + scaling.offset
  }
}
