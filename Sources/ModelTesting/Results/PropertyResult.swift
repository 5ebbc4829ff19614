import EngineSupport

/// What is known of one property of the plan.
public struct PropertyResult: Sendable, Hashable {
  public enum Verdict: String, Sendable, Hashable, CaseIterable {
    /// No reading of the box breaks it.
    case proved
    /// A reading does, replayed in single and in double precision.
    case refuted
    /// Neither within the effort.
    case unknown
  }

  public var test: TestPlan.PropertyTest
  public var verdict: Verdict
  /// Of the boxes of the check; the largest share of any element.
  public var openShare: Double
  public var counterexample: Counterexample?
  /// Why the model cannot be bounded; `nil` where it can.
  public var limitation: String?

  /// Readings that break a property.
  public struct Counterexample: Sendable, Hashable {
    /// As the tensor holds them: one, or of a monotone output the lower and the upper.
    public var readings: [[Float]]
    /// The model's outputs for them.
    public var outputs: [[Float]]
  }
}

/// What the check of a property for one element of a sample showed.
struct PropertyPart: StoredPart {
  var verdict: PropertyResult.Verdict
  var openShare = 0.0
  var counterexample: PropertyResult.Counterexample?
  var limitation: String?

  init(
    _ verdict: PropertyResult.Verdict, openShare: Double = 0,
    counterexample: PropertyResult.Counterexample? = nil, limitation: String? = nil
  ) {
    self.verdict = verdict
    self.openShare = openShare
    self.counterexample = counterexample
    self.limitation = limitation
  }

  var json: JSONValue {
    .object([
      ("verdict", .string(verdict.rawValue)),
      ("openShare", .string(DecimalText.exact(openShare))),
      ("readings", counterexample.map { Self.rows($0.readings) }),
      ("outputs", counterexample.map { Self.rows($0.outputs) }),
      ("limitation", limitation.map { .string($0) }),
    ])
  }

  init?(json: JSONValue) {
    guard let verdict = json["verdict"]?.string.flatMap(PropertyResult.Verdict.init(rawValue:)),
      let share = json.decimal("openShare")
    else { return nil }
    self.init(verdict, openShare: share, limitation: json["limitation"]?.string)
    if verdict == .refuted {
      guard let readings = Self.rows(json["readings"]), let outputs = Self.rows(json["outputs"])
      else { return nil }
      counterexample = PropertyResult.Counterexample(readings: readings, outputs: outputs)
    }
  }

  private static func rows(_ rows: [[Float]]) -> JSONValue {
    .array(rows.map { .strings($0.map(\.description)) })
  }

  private static func rows(_ json: JSONValue?) -> [[Float]]? {
    guard let elements = json?.elements else { return nil }
    let rows = elements.compactMap { row -> [Float]? in
      let texts = row.elements ?? []
      let values = texts.compactMap { $0.string.flatMap(Float.init) }
      return values.count == texts.count ? values : nil
    }
    return rows.count == elements.count ? rows : nil
  }
}

extension PropertyResult {
  /// Over all elements: broken by one is broken, open for one is open.
  init(_ test: TestPlan.PropertyTest, parts: [PropertyPart]) {
    let verdict: Verdict =
      parts.contains { $0.verdict == .refuted }
      ? .refuted : parts.contains { $0.verdict == .unknown } ? .unknown : .proved
    self.init(
      test: test, verdict: verdict, openShare: parts.map(\.openShare).max() ?? 0,
      counterexample: parts.lazy.compactMap(\.counterexample).first,
      limitation: parts.lazy.compactMap(\.limitation).first)
  }
}
