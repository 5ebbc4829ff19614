import EngineSupport
import TensorCore

extension CampaignCase {
  /// Runs the case: clean predictions, then the attack, its replay and its controls at every budget.
  ///
  /// - Throws: `test.model.non-finite` naming the sample, `test.model.shape`, or what the model throws.
  public func run() throws -> CaseResult { try run(whenBudgetDone: {}) }

  func run(whenBudgetDone: () -> Void) throws -> CaseResult {
    var result = CaseResult(tallies: Array(repeating: BudgetTally(), count: campaign.sets.count))
    result.records = try cleanRecords(&result.spentByControls)
    let trials = result.records.indices.filter { result.records[$0].isTrial }
    for (level, set) in campaign.sets.enumerated() {
      if !trials.isEmpty { try attack(trials, within: set, level: level, &result) }
      whenBudgetDone()
    }
    return result
  }

  private func cleanRecords(_ spent: inout QueryCount) throws -> [SampleRecord] {
    var oracle = TargetOracle(campaign.model, access: .scores)
    let samples = Array(range)
    let batch = campaign.samples.rows(range)
    let single = try oracle.scores(of: batch, samples: samples)
    let double = try oracle.scoresInDouble(
      of: Tensor(shape: batch.shape, elements: batch.elements.map(Double.init)), samples: samples)
    spent += oracle.spent
    let goal = (
      single: try objective(references: single.elements.map(Double.init)),
      double: try objective(references: double.elements)
    )
    let rows = (
      single: ScoreRows(single, classes: oracle.classCount),
      double: ScoreRows(double, classes: oracle.classCount)
    )
    return samples.enumerated().map { row, sample in
      let label = campaign.labels[sample]
      let margin = goal.single.margin(single.elements, at: row, row: row)
      var isTrial = margin >= 0 && goal.double.margin(double.elements, at: row, row: row) >= 0
      if campaign.goal == .misclassification {
        isTrial = rows.single.prediction(row) == label && rows.double.prediction(row) == label
      }
      return SampleRecord(
        index: sample, label: label,
        cleanPrediction: campaign.goal.prediction(rows.single, row, label: label),
        cleanMargin: margin, outcome: isTrial ? .withstood : .cleanError)
    }
  }

  private func objective(references: [Double]) throws(Diagnostic) -> Objective {
    try Objective(
      campaign.goal, labels: Array(campaign.labels[range]), outputs: campaign.model.classCount,
      references: references)
  }

  private func attack(
    _ trials: [Int], within set: PerturbationSet, level: Int, _ result: inout CaseResult
  ) throws {
    let batch = batch(of: trials, within: set, stage: type(of: campaign.attack).name)
    var oracle = TargetOracle(campaign.model, access: type(of: campaign.attack).needs)
    let findings = try campaign.attacks[level].search(batch, asking: &oracle)
    precondition(findings.count == trials.count, "an attack gives one finding for each sample")
    result.spentByAttack += oracle.spent
    var referee = TargetOracle(campaign.model, access: .gradients)
    let verdicts = try ReplayVerdict.replay(findings, of: batch, asking: &referee)
    for (place, trial) in trials.enumerated() {
      guard let reading = findings[place].candidate, let verdict = verdicts[place] else { continue }
      result.rejected.count(verdict)
      guard case .confirmed(let prediction, let margin) = verdict else { continue }
      result.tallies[level].found += 1
      if result.records[trial].example == nil {
        let original = Array(
          batch.originals.elements[place * set.limits.count..<(place + 1) * set.limits.count])
        result.records[trial].outcome = .broken(
          SampleRecord.Example(
            budget: set.budget, prediction: prediction, margin: margin,
            distance: set.distance(original, reading), original: original, reading: reading))
      }
    }
    result.tallies[level].successes = trials.count { result.records[$0].example != nil }
    if type(of: campaign.attack).hasControls {
      try runSingleStep(batch, level: level, asking: &referee, &result)
      try runNoise(trials, within: set, level: level, asking: &referee, &result)
    }
    result.spentByControls += referee.spent
  }

  private func runSingleStep(
    _ batch: AttackBatch, level: Int, asking referee: inout TargetOracle, _ result: inout CaseResult
  ) throws {
    let findings = try FastGradientSign().search(batch, asking: &referee)
    let verdicts = try ReplayVerdict.replay(findings, of: batch, asking: &referee)
    result.tallies[level].brokenBySingleStep = verdicts.count { $0?.isConfirmed == true }
    guard level == 0 else { return }
    result.gradientsTaken = findings.count
    result.vanishedGradients = findings.count { $0.startGradientVanished == true }
  }

  private func runNoise(
    _ trials: [Int], within set: PerturbationSet, level: Int, asking referee: inout TargetOracle,
    _ result: inout CaseResult
  ) throws {
    let unbroken = trials.filter { result.records[$0].example == nil }
    guard !unbroken.isEmpty else { return }
    let batch = batch(of: unbroken, within: set, stage: "control.\(SensorNoise.name)")
    let findings = try SensorNoise(.uniform, draws: campaign.noiseDraws)
      .search(batch, asking: &referee)
    let verdicts = try ReplayVerdict.replay(findings, of: batch, asking: &referee)
    result.tallies[level].brokenByNoiseOnly = verdicts.count { $0?.isConfirmed == true }
  }

  private func batch(
    of trials: [Int], within set: PerturbationSet, stage: String
  ) -> AttackBatch {
    campaign.batch(of: trials.map { range.lowerBound + $0 }, within: set, stage: stage)
  }
}

extension ReplayVerdict {
  var isConfirmed: Bool { if case .confirmed = self { true } else { false } }
}

extension RejectedExamples {
  mutating func count(_ verdict: ReplayVerdict) {
    switch verdict {
    case .confirmed: break
    case .outsideSet: outsideSet += 1
    case .singleDisagrees: singleDisagrees += 1
    case .doubleDisagrees: doubleDisagrees += 1
    }
  }
}
