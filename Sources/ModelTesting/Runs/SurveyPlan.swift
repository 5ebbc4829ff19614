import AdversarialTesting
import EngineSupport

/// What a run measures beside attacks: faults, corruptions and certified radii, cut into parts.
struct SurveyPlan: Sendable {
  private let faults: FaultSurvey?
  private let corruptions: CorruptionSurvey?
  private let certificates: CertificateSurvey?
  private let parts: [Part]

  private enum Part: Sendable {
    case fault(Int)
    case corruption(Int)
    case certificate(Int)
  }

  private enum Outcome: Sendable {
    case fault(SurvivalRows)
    case corruption(SurvivalRows)
    case certificate(CertifiedRow)
  }

  /// - Throws: what the model throws for the clean samples.
  init(_ run: ModelTestRun) throws {
    let judge =
      run.plan.faults == nil && run.plan.corruptions == nil
      ? nil
      : try AnswerJudge(
        run.model.target, task: run.plan.task, inputs: run.inputs, labels: run.labels)
    faults = run.plan.faults.flatMap { plan in
      judge.map {
        FaultSurvey(
          judge: $0, inputs: run.inputs, geometry: run.geometry, plan: plan,
          severities: run.profile.severities, seed: run.seed)
      }
    }
    corruptions = run.plan.corruptions.flatMap { _ in
      judge.map {
        CorruptionSurvey(
          judge: $0, inputs: run.inputs, geometry: run.geometry,
          severities: run.profile.severities, seed: run.seed)
      }
    }
    certificates = try CertificateSurvey(run)
    parts =
      (faults?.parts.indices.map { Part.fault($0) } ?? [])
      + (corruptions == nil ? [] : ImageCorruptions.all.indices.map { Part.corruption($0) })
      + (certificates?.places.map { Part.certificate($0) } ?? [])
  }

  var notRun: [String] { (faults?.notRun ?? []) + (certificates?.notRun ?? []) }

  private static let weightOfPart = 20.0
  var weight: Double { Double(parts.count) * Self.weightOfPart }

  func run(
    workers: OrderedConcurrency, journal: PartJournal, meter: ProgressMeter
  ) throws -> SurveyResult {
    let outcomes = try workers.map(parts) { part in
      defer { meter.add(Self.weightOfPart, to: "faults and certificates") }
      return try run(part, journal)
    }
    var result = SurveyResult(front: certificates?.front)
    for outcome in outcomes {
      switch outcome {
      case .fault(let rows): result.faults += rows.rows
      case .corruption(let rows): result.corruptions += rows.rows
      case .certificate(let row): result.certified[row.index] = row.radius
      }
    }
    return result
  }

  private func run(_ part: Part, _ journal: PartJournal) throws -> Outcome {
    switch part {
    case .fault(let place):
      guard let faults else { preconditionFailure("parts come from their survey") }
      return .fault(
        try journal.part("fault/\(place)") { SurvivalRows(try faults.run(faults.parts[place])) })
    case .corruption(let place):
      guard let corruptions else { preconditionFailure("parts come from their survey") }
      return .corruption(
        try journal.part("corruption/\(place)") {
          SurvivalRows(try corruptions.run(ImageCorruptions.all[place]))
        })
    case .certificate(let place):
      guard let certificates else { preconditionFailure("parts come from their survey") }
      return .certificate(
        try journal.part("certificate/\(place)") { try certificates.radius(at: place) })
    }
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

  init(front: TestPlan.Front?) { self.front = front }

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
