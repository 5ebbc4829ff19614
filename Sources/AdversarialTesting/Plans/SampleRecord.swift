/// What a campaign learnt about one sample.
public struct SampleRecord: Sendable, Hashable {
  public enum Outcome: Sendable, Hashable {
    /// Misclassified without any attack, in single or double precision: not a trial.
    case cleanError
    /// Correct when clean, and no confirmed example was found at any budget.
    case withstood
    case broken(Example)
  }

  /// The confirmed example at the smallest budget that gave one.
  public struct Example: Sendable, Hashable {
    /// The smallest budget of the ladder at which an example was found, in engineering units.
    public var budget: Double
    public var prediction: Int
    /// Logit of the label less the best other, in double precision; negative.
    public var margin: Double
    /// L-infinity distance from the original, in engineering units.
    public var distance: Double
    /// The clean sample that `reading` was made of, row-major; the evaluation data hold it, so that test
    /// records do not repeat it.
    public var original: [Float]
    /// The misclassified sample itself, row-major.
    public var reading: [Float]
  }

  /// The row in the evaluation data.
  public var index: Int
  public var label: Int
  public var cleanPrediction: Int
  /// Logit of the label less the best other on the clean sample.
  public var cleanMargin: Float
  public var outcome: Outcome
}

extension SampleRecord {
  public var example: Example? {
    if case .broken(let example) = outcome { example } else { nil }
  }

  /// Correctly classified when clean, hence attacked.
  public var isTrial: Bool { outcome != .cleanError }
}
