import AdversarialTesting
import EngineSupport

/// What a run measures beside attacks: faults, corruptions and certificates, cut into parts.
struct SurveyPlan: Sendable {
  private let front: TestPlan.Front?
  private let faultCertificates: [TestPlan.FaultCertificateTest]
  private let properties: [TestPlan.PropertyTest]
  private let smoothing: [SmoothingSurvey]
  private let parts: [Part]
  /// What could not be run, and why; one sentence each.
  let notRun: [String]

  /// A piece of work that can be kept.
  private struct Part: Sendable {
    var weight: Double
    var work: @Sendable (PartJournal) throws -> Finding
  }

  /// What a part found.
  fileprivate enum Finding: Sendable {
    case fault(SurvivalRows)
    case corruption(SurvivalRows)
    case certificate(CertifiedRow)
    case faultCertificate(entry: Int, FaultCertificateRow)
    case property(entry: Int, PropertyPart)
    case smoothed(deviation: Int, SmoothedRow)
  }

  private static let weightOfLadder = 20.0
  private static let weightOfCertificate = 20.0
  private static let weightOfProperty = 100.0

  /// - Throws: what the model throws for the clean samples.
  init(_ run: ModelTestRun) throws {
    let plan = run.plan
    var notRun: [String] = []
    var parts: [Part] = []
    if plan.faults != nil || plan.corruptions != nil || !plan.faultCertificates.isEmpty {
      let judge = try AnswerJudge(
        run.model.target, task: plan.task, inputs: run.inputs, labels: run.labels)
      parts += Self.ladders(run, judge, &notRun)
      parts += try Self.faultCertificates(run, judge, &notRun)
    }
    let certificates = try CertificateSurvey(run)
    front = certificates?.front
    if let certificates {
      notRun += certificates.notRun
      parts += certificates.places.map { place in
        Part(weight: Self.weightOfCertificate) { journal in
          .certificate(
            try journal.part("certificate/\(place)") { try certificates.radius(at: place) })
        }
      }
    }
    faultCertificates = plan.faultCertificates
    properties = plan.properties
    parts += try Self.properties(run)
    smoothing =
      plan.smoothing.map { test in
        test.deviations.map { SmoothingSurvey(test, deviation: $0, of: run) }
      } ?? []
    parts += Self.smoothed(smoothing)
    self.parts = parts
    self.notRun = notRun
  }

  /// One part for each ladder of a fault or corruption.
  private static func ladders(
    _ run: ModelTestRun, _ judge: AnswerJudge, _ notRun: inout [String]
  ) -> [Part] {
    var parts: [Part] = []
    if let plan = run.plan.faults {
      let survey = FaultSurvey(
        judge: judge, inputs: run.inputs, geometry: run.geometry, plan: plan,
        severities: run.profile.severities, seed: run.seed)
      notRun += survey.notRun
      parts += survey.parts.enumerated().map { place, ladder in
        Part(weight: weightOfLadder) { journal in
          .fault(try journal.part("fault/\(place)") { SurvivalRows(try survey.run(ladder)) })
        }
      }
    }
    if run.plan.corruptions != nil {
      let survey = CorruptionSurvey(
        judge: judge, inputs: run.inputs, geometry: run.geometry,
        severities: run.profile.severities, seed: run.seed)
      parts += ImageCorruptions.all.enumerated().map { place, corruption in
        Part(weight: weightOfLadder) { journal in
          .corruption(
            try journal.part("corruption/\(place)") { SurvivalRows(try survey.run(corruption)) })
        }
      }
    }
    return parts
  }

  /// One part for each family of faults and sample.
  private static func faultCertificates(
    _ run: ModelTestRun, _ judge: AnswerJudge, _ notRun: inout [String]
  ) throws -> [Part] {
    try run.plan.faultCertificates.enumerated().flatMap { entry, test in
      let survey = try FaultCertificateSurvey(test, of: run, trials: judge.trials)
      if let reason = survey.reason, !notRun.contains(reason) { notRun.append(reason) }
      return survey.places.map { place in
        Part(weight: weightOfCertificate) { journal in
          .faultCertificate(
            entry: entry,
            try journal.part("fault-certificate/\(entry)/\(place)") { try survey.row(at: place) })
        }
      }
    }
  }

  /// One part for each property and element that it speaks of.
  private static func properties(_ run: ModelTestRun) throws -> [Part] {
    try run.plan.properties.enumerated().flatMap { entry, test in
      let survey = try PropertySurvey(test, of: run)
      return (0..<survey.partCount).map { number in
        Part(weight: weightOfProperty) { journal in
          .property(
            entry: entry,
            try journal.part("property/\(entry)/\(number)") { try survey.part(number) })
        }
      }
    }
  }

  /// One part for each deviation and sample.
  private static func smoothed(_ surveys: [SmoothingSurvey]) -> [Part] {
    surveys.enumerated().flatMap { deviation, survey in
      survey.places.map { place in
        Part(weight: weightOfCertificate) { journal in
          .smoothed(
            deviation: deviation,
            try journal.part("smoothing/\(deviation)/\(place)") { try survey.row(at: place) })
        }
      }
    }
  }

  var weight: Double { parts.reduce(0) { $0 + $1.weight } }

  func run(
    workers: OrderedConcurrency, journal: PartJournal, meter: ProgressMeter
  ) throws -> SurveyResult {
    let findings = try workers.map(parts) { part in
      defer { meter.add(part.weight, to: "faults and certificates") }
      return try part.work(journal)
    }
    var result = SurveyResult(front: front)
    result.faultCertificates = faultCertificates.map { FaultCertificateResult(test: $0, rows: []) }
    var checked = properties.map { _ in [PropertyPart]() }
    var smoothed = smoothing.map { _ in [SmoothedRow]() }
    for finding in findings {
      switch finding {
      case .property(let entry, let part): checked[entry].append(part)
      case .smoothed(let deviation, let row): smoothed[deviation].append(row)
      default: result.add(finding)
      }
    }
    result.smoothing = zip(smoothing, smoothed).map { $0.result($1) }
    result.properties = zip(properties, checked).map { PropertyResult($0, parts: $1) }
    result.finish()
    return result
  }
}

/// What the surveys of a run found.
struct SurveyResult: Sendable {
  /// The front whose attacker is certified against.
  var front: TestPlan.Front?
  var faults: [SurvivalRow] = []
  var corruptions: [SurvivalRow] = []
  /// By row in the evaluation data.
  var certified: [Int: CertifiedRadius] = [:]
  /// In the plan's order; those without a sample are left out.
  var faultCertificates: [FaultCertificateResult] = []
  /// In the plan's order.
  var properties: [PropertyResult] = []
  /// In the order of the deviations.
  var smoothing: [SmoothingResult] = []

  init(front: TestPlan.Front?) { self.front = front }

  fileprivate mutating func add(_ finding: SurveyPlan.Finding) {
    switch finding {
    case .fault(let rows): faults += rows.rows
    case .corruption(let rows): corruptions += rows.rows
    case .certificate(let row): certified[row.index] = row.radius
    case .faultCertificate(let entry, let row): faultCertificates[entry].rows.append(row)
    case .property, .smoothed: break
    }
  }

  fileprivate mutating func finish() {
    faultCertificates.removeAll { $0.rows.isEmpty }
    for place in faultCertificates.indices {
      faultCertificates[place].rows.sort { $0.index < $1.index }
    }
  }

  /// For each row a radius inside which no example is, 0 where nothing is certified; `nil` for the other front.
  func certifiedRadii(for front: TestPlan.Front, rows: [Int]) -> [Double]? {
    guard front == self.front, !certified.isEmpty else { return nil }
    return rows.map { certified[$0]?.value ?? 0 }
  }

  /// Certificates and attacks side by side.
  ///
  /// - Throws: `test.certificate.contradicted` when an example lies inside a certified radius.
  func brackets(of attackers: [AttackerResult]) throws -> BracketResult? {
    guard let front, !certified.isEmpty,
      let attacker = attackers.first(where: { $0.attacker.front == front })
    else { return nil }
    var part = attacker.result
    part.samples = part.samples.filter { certified[$0.index] != nil }
    return BracketResult(
      front: front, unit: attacker.unit,
      summary: try BracketSummary(
        part, certificates: part.samples.map { certified[$0.index] }))
  }
}
