import AdversarialTesting
import EngineSupport
import TensorCore

/// Running a resolved plan: attacks first, then what is known without attacking, then the audits of the attacks.
extension ModelTestRun {
  /// Samples of one part of a campaign. How a campaign is cut changes no result, but it must not depend on the
  /// width, or another width could not go on where this one stopped.
  private static let partSize = 16
  /// Streams of one part, whose windows are asked about together.
  private static let streamsOfPart = 4

  /// - Parameters:
  ///   - workers: Decides the width.
  ///   - journal: Where finished parts are kept, and looked for.
  ///   - progress: Told a stage and the share of the whole run that is done; from any thread.
  public func run(
    workers: OrderedConcurrency, journal: any WorkJournal = NoJournal(),
    progress: @escaping @Sendable (String, Double) -> Void = { _, _ in }
  ) throws -> ModelTestResult {
    let runs = attackers + (streams?.attackers ?? [])
    var campaigns = runs.flatMap { $0.campaigns + [$0.unconstrained].compactMap(\.self) }
    let ofStreams = streams?.attackers.reduce(0) { $0 + $1.campaigns.count } ?? 0
    let streamed = campaigns.count - ofStreams..<campaigns.count
    if let noise { campaigns.append(noise) }
    let parts = try parts(of: campaigns, streamed: streamed)
    let surveys = try SurveyPlan(self)
    let meter = ProgressMeter(
      total: parts.reduce(0) { $0 + $1.weight } + surveys.weight + auditWeight, report: progress)
    let journal = PartJournal(journal, digest: digest)

    let found = try workers.map(parts) { part in
      let result = try journal.part("campaign/\(part.campaign)/\(part.rows.range.lowerBound)") {
        try part.rows.run()
      }
      meter.add(part.weight, to: "attacking")
      return result
    }
    var results = zip(campaigns.indices, campaigns).map { place, campaign in
      relabelled(
        campaign.result(of: zip(parts, found).filter { $0.0.campaign == place }.map(\.1)),
        by: streamed.contains(place) ? streams?.rows ?? [] : rows)
    }

    let surveyed = try surveys.run(workers: workers, journal: journal, meter: meter)
    let noiseResult = noise == nil ? nil : results.removeLast()
    var attackerResults: [AttackerResult] = []
    var remaining = results[...]
    var audits: [AuditPart] = []
    for (place, run) in runs.enumerated() {
      let own = Array(remaining.prefix(run.campaigns.count))
      remaining = remaining.dropFirst(own.count)
      audits.append(
        AuditPart(
          name: (place < attackers.count ? "" : "streams/") + run.attacker.front.rawValue,
          campaign: run.campaigns[0], result: own[0],
          audit: audit(of: run, isOverStreams: place >= attackers.count),
          certifiedRadii: place < attackers.count
            ? surveyed.certifiedRadii(for: run.attacker.front, rows: rows) : nil))
      let unconstrained = run.unconstrained == nil ? nil : remaining.popFirst()
      attackerResults.append(
        AttackerResult(
          run, unit: plan.unit(of: run.attacker), campaigns: own, unconstrained: unconstrained))
    }
    let outcomes = try workers.map(audits) { part in
      let outcome = try journal.part("audit/\(part.name)") { try part.run() }
      meter.add(Self.weightOfAudit, to: "checking the attacks on themselves")
      return outcome
    }
    for (place, outcome) in outcomes.enumerated() {
      var own = attackerResults[place].campaigns
      own[0] = own[0].judged(by: outcome)
      attackerResults[place] = AttackerResult(
        runs[place], unit: attackerResults[place].unit, campaigns: own,
        unconstrained: attackerResults[place].unconstrained)
    }
    let overWindows = Array(attackerResults.prefix(attackers.count))
    let overStreams = Array(attackerResults.dropFirst(attackers.count))
    let brackets = try surveyed.brackets(of: overWindows)
    return ModelTestResult(
      plan: plan, profile: profile, seed: seed, resolved: resolved, digest: digest, rows: rows,
      cleanError: try cleanError(), attackers: overWindows, noise: noiseResult,
      streams: streams.map {
        StreamResult(
          test: $0.test, rows: $0.rows, length: $0.length, windows: $0.windows,
          attackers: overStreams)
      }, faults: surveyed.faults,
      corruptions: surveyed.corruptions, brackets: brackets,
      faultCertificates: surveyed.faultCertificates, properties: surveyed.properties,
      smoothing: surveyed.smoothing, notTested: notTested(surveys))
  }

  private func cleanError() throws -> RegressionError? {
    guard let targets, case .regression(_, let unit) = plan.task else { return nil }
    return try RegressionError(
      of: model.target, on: inputs, targets: targets, rows: rows, unit: unit)
  }

  /// Samples know their row in the evaluation data, not their place in the draw.
  private func relabelled(_ result: CampaignResult, by rows: [Int]) -> CampaignResult {
    var result = result
    for place in result.samples.indices {
      result.samples[place].index = rows[result.samples[place].index]
    }
    return result
  }

  private func audit(of run: AttackerRun, isOverStreams: Bool) -> CampaignAudit {
    var audit = isOverStreams ? profile.streamAudit : profile.audit
    audit.budget = run.attacker.chosen
    return audit
  }

  /// One part of one campaign.
  private struct CampaignPart: Sendable {
    var campaign: Int
    var rows: CampaignCase
    var weight: Double
  }

  /// A stream weighs as much as its windows.
  private func parts(
    of campaigns: [Campaign], streamed: Range<Int>
  ) throws -> [CampaignPart] {
    try campaigns.enumerated().flatMap { place, campaign in
      let windows = streamed.contains(place) ? streams?.windows ?? 1 : 1
      return try campaign.prepared().cases(
        batchSize: max(Self.streamsOfPart, Self.partSize / windows)
      ).map { rows in
        CampaignPart(
          campaign: place, rows: rows,
          weight: Double(rows.range.count * campaign.budgets.count * windows))
      }
    }
  }

  private static let weightOfAudit = 200.0
  private var auditWeight: Double {
    Double(attackers.count + (streams?.attackers.count ?? 0)) * Self.weightOfAudit
  }

  private func notTested(_ surveys: SurveyPlan) -> [String] {
    var reasons = surveys.notRun + (streams?.notRun ?? [])
    for front in TestPlan.Front.allCases
    where !plan.attackers.contains(where: { $0.front == front }) {
      reasons.append("No attacker at the front \(front.rawValue) is described in the plan.")
    }
    if plan.streams == nil, plan.input.axis(.time) != nil, !plan.attackers.isEmpty {
      reasons.append(
        "Windows were bent one by one, not as parts of a stream: the plan has no entry `streams`.")
    }
    if plan.data.targets == nil, !plan.task.isAboutClasses {
      reasons.append(
        "The error on clean samples was not measured: the plan names no `targets` of the data.")
    }
    if plan.noise == nil {
      reasons.append("Errors under noise were not tested: the plan has no entry `noise`.")
    }
    if plan.faults == nil {
      reasons.append("Sensor faults were not tested: the plan has no entry `faults`.")
    }
    if plan.corruptions == nil, plan.input.axis(.row) != nil {
      reasons.append("Image corruptions were not tested: the plan has no entry `corruptions`.")
    }
    if plan.faultCertificates.isEmpty {
      reasons.append(
        "No family of sensor faults was proved harmless: the plan has no entry `fault_certificates`."
      )
    }
    if plan.properties.isEmpty {
      reasons.append("No property of the model was checked: the plan has no entry `properties`.")
    }
    if plan.smoothing == nil, plan.task.isAboutClasses {
      reasons.append("The model was not smoothed: the plan has no entry `smoothing`.")
    }
    if plan.certificates == nil {
      reasons.append("No radius was certified: the plan has no entry `certificates`.")
    }
    return reasons
  }
}

/// The audit of one attacker's first campaign.
private struct AuditPart: Sendable {
  /// What the journal calls it.
  var name: String
  var campaign: Campaign
  var result: CampaignResult
  var audit: CampaignAudit
  var certifiedRadii: [Double]?

  func run() throws -> AuditOutcome {
    try audit.outcome(
      result, of: campaign, with: CampaignAudit.Evidence(certifiedRadii: certifiedRadii))
  }
}
