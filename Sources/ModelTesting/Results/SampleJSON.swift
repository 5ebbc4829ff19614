public import AdversarialTesting
public import EngineSupport

/// One sample of a campaign as data: a line of the test records, and what the run's digest covers.
public enum SampleJSON {
  public static func value(_ sample: SampleRecord) -> JSONValue {
    let example = sample.example
    let outcome =
      switch sample.outcome {
      case .cleanError: "clean-error"
      case .withstood: "withstood"
      case .broken: "broken"
      }
    return .object([
      ("index", .integer(sample.index)), ("label", .integer(sample.label)),
      ("cleanPrediction", .integer(sample.cleanPrediction)),
      ("cleanMargin", .string(sample.cleanMargin.description)), ("outcome", .string(outcome)),
      ("budget", example.map { .string(DecimalText.exact($0.budget)) }),
      ("prediction", example.map { .integer($0.prediction) }),
      ("margin", example.map { .string(DecimalText.exact($0.margin)) }),
      ("distance", example.map { .string(DecimalText.exact($0.distance)) }),
      ("reading", example.map { .strings($0.reading.map(\.description)) }),
    ])
  }
}
