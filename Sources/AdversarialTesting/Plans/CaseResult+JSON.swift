public import EngineSupport

/// A finished case as data, so that an interrupted campaign goes on where it stopped: what is read back is what was
/// written, bit for bit.
extension CaseResult {
  public var json: JSONValue {
    .object([
      ("records", .array(records.map(\.json))), ("tallies", .array(tallies.map(\.json))),
      ("attack", spentByAttack.json), ("controls", spentByControls.json),
      (
        "counts",
        .array(
          [
            rejected.outsideSet, rejected.singleDisagrees, rejected.doubleDisagrees,
            vanishedGradients, gradientsTaken,
          ].map { .integer($0) })
      ),
    ])
  }

  /// `nil` where the value is not what `json` writes.
  public init?(json: JSONValue) {
    guard let records = json["records"]?.elements, let tallies = json["tallies"]?.elements,
      let attack = json["attack"].flatMap(QueryCount.init(json:)),
      let controls = json["controls"].flatMap(QueryCount.init(json:)),
      let counts = json["counts"]?.elements?.compactMap(\.integer), counts.count == 5
    else { return nil }
    self.init(
      records: records.compactMap(SampleRecord.init(json:)),
      tallies: tallies.compactMap(BudgetTally.init(json:)), spentByAttack: attack,
      spentByControls: controls,
      rejected: RejectedExamples(
        outsideSet: counts[0], singleDisagrees: counts[1], doubleDisagrees: counts[2]),
      vanishedGradients: counts[3], gradientsTaken: counts[4])
    guard self.records.count == records.count, self.tallies.count == tallies.count else {
      return nil
    }
  }
}

extension BudgetTally {
  fileprivate var json: JSONValue {
    .array([successes, found, brokenBySingleStep, brokenByNoiseOnly].map { .integer($0) })
  }

  fileprivate init?(json: JSONValue) {
    guard let counts = json.elements?.compactMap(\.integer), counts.count == 4 else { return nil }
    self.init(
      successes: counts[0], found: counts[1], brokenBySingleStep: counts[2],
      brokenByNoiseOnly: counts[3])
  }
}

extension QueryCount {
  var json: JSONValue { .array([forward, backward, double].map { .integer($0) }) }

  init?(json: JSONValue) {
    guard let counts = json.elements?.compactMap(\.integer), counts.count == 3 else { return nil }
    self.init(forward: counts[0], backward: counts[1], double: counts[2])
  }
}

extension SampleRecord {
  fileprivate var json: JSONValue {
    .object([
      ("index", .integer(index)), ("label", .integer(label)),
      ("prediction", .integer(cleanPrediction)), ("margin", .string(cleanMargin.description)),
      ("isTrial", .bool(isTrial)), ("example", example?.json),
    ])
  }

  fileprivate init?(json: JSONValue) {
    guard let index = json["index"]?.integer, let label = json["label"]?.integer,
      let prediction = json["prediction"]?.integer,
      let margin = json["margin"]?.string.flatMap(Float.init),
      let isTrial = json["isTrial"]?.bool
    else { return nil }
    var outcome = isTrial ? Outcome.withstood : .cleanError
    if let value = json["example"] {
      guard let example = Example(json: value) else { return nil }
      outcome = .broken(example)
    }
    self.init(
      index: index, label: label, cleanPrediction: prediction, cleanMargin: margin,
      outcome: outcome)
  }
}

extension SampleRecord.Example {
  fileprivate var json: JSONValue {
    .object([
      ("budget", .string(DecimalText.exact(budget))), ("prediction", .integer(prediction)),
      ("margin", .string(DecimalText.exact(margin))),
      ("distance", .string(DecimalText.exact(distance))),
      ("original", .strings(original.map(\.description))),
      ("reading", .strings(reading.map(\.description))),
    ])
  }

  fileprivate init?(json: JSONValue) {
    func double(_ key: String) -> Double? { json[key]?.string.flatMap(Double.init) }
    func floats(_ key: String) -> [Float]? {
      guard let texts = json[key]?.elements else { return nil }
      let values = texts.compactMap { $0.string.flatMap(Float.init) }
      return values.count == texts.count ? values : nil
    }
    guard let budget = double("budget"), let prediction = json["prediction"]?.integer,
      let margin = double("margin"), let distance = double("distance"),
      let original = floats("original"), let reading = floats("reading"),
      original.count == reading.count
    else { return nil }
    self.init(
      budget: budget, prediction: prediction, margin: margin, distance: distance,
      original: original, reading: reading)
  }
}
