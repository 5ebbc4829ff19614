import AdversarialTesting
public import EngineSupport
public import TensorCore

/// Certified accuracy of the classifier that wins under noise of one deviation.
public struct SmoothingResult: Sendable, Hashable {
  /// Standard deviation of the noise, in the channels' unit.
  public var deviation: Double
  public var selectionDraws: Int
  public var draws: Int
  public var errorRate: Double
  /// What the number of draws can prove at most, in the channels' unit.
  public var greatestRadius: Double
  /// By row in the evaluation data.
  public var rows: [SmoothedRow]
  /// Ascending radii.
  public var accuracy: [Accuracy]

  /// Certified accuracy at one radius; an abstention counts as an error.
  public struct Accuracy: Sendable, Hashable {
    /// L2, in the channels' unit; 0 for the accuracy of the smoothed classifier where it does not abstain.
    public var radius: Double
    public var samples: Int
    public var certified: Int

    /// Two-sided 95 % interval.
    public var interval: ClopperPearson { ClopperPearson(successes: certified, trials: samples) }
    public var share: Double { samples == 0 ? 0 : Double(certified) / Double(samples) }
  }

  public var abstentions: Int { rows.count { $0.answer == nil } }
}

/// One sample under noise.
public struct SmoothedRow: Sendable, Hashable {
  /// The row in the evaluation data.
  public var index: Int
  public var label: Int
  /// The class that leads; `nil` where the smoothed classifier abstains.
  public var answer: Int?
  /// L2, in the channels' unit: the answer is the same inside, but for the error rate; 0 with an abstention.
  public var radius: Double
  /// Draws that fell to the class that was chosen, and the lower end of the one-sided interval of their share.
  public var hits: Int
  public var lowerShare: Double
}

extension SmoothedRow: StoredPart {
  init(
    _ verdict: RandomizedSmoothing.Verdict, index: Int, label: Int, unitsPerTensorUnit: Double
  ) {
    self.init(
      index: index, label: label, answer: verdict.label,
      radius: max((verdict.radius * unitsPerTensorUnit).nextDown, 0), hits: verdict.hits,
      lowerShare: verdict.share)
  }

  public var json: JSONValue {
    .object([
      ("index", .integer(index)), ("label", .integer(label)),
      ("answer", answer.map { .integer($0) }),
      ("radius", .string(DecimalText.exact(radius))), ("hits", .integer(hits)),
      ("lowerShare", .string(DecimalText.exact(lowerShare))),
    ])
  }

  init?(json: JSONValue) {
    guard let index = json["index"]?.integer, let label = json["label"]?.integer,
      let radius = json.decimal("radius"), let hits = json["hits"]?.integer,
      let share = json.decimal("lowerShare")
    else { return nil }
    self.init(
      index: index, label: label, answer: json["answer"]?.integer, radius: radius, hits: hits,
      lowerShare: share)
  }
}
