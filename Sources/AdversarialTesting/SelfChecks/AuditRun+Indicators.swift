import EngineSupport
import TensorCore

/// S12: the indicators of attack failure, and what AutoAttack's authors flag before they believe a result.
///
/// Source: Pintor et al., "Indicators of attack failure: debugging and improving optimization of adversarial
/// examples", NeurIPS 2022.
extension AuditRun {
  /// Fails on an indicator that says the figures mislead; an unlimited attack that leaves samples standing
  /// only makes the check inconclusive, since a model may ignore its input.
  mutating func indicators() throws -> SelfCheck {
    let identifier = SelfCheck.Identifier.s12FailureIndicators
    var raised: [String] = []
    if try looksLikeProbabilities() { raised.append("the outputs are probabilities, not logits") }
    if let order = betterLabelOrder() { raised.append(order) }
    if try isConstant() { raised.append("the outputs do not depend on the input") }
    if isGradientAttack,
      result.checks.contains(where: {
        $0.identifier == .s2GradientAtStart && $0.outcome == .fail
      })
    {
      raised.append("gradients are unavailable")
    }
    let (silent, unfinished) = try optimisation()
    if silent > 0 { raised.append("\(silent) successes were not reported") }
    if unfinished { raised.append("the loss still falls when the attack stops") }
    if !raised.isEmpty { return check(identifier, .fail, raised.joined(separator: "; ")) }
    guard !trials.isEmpty else { return nothingToAttack(identifier) }
    let standing = try unlimited()
    return check(
      identifier, standing == 0 ? .pass : .inconclusive,
      standing == 0
        ? "none of the indicators is raised"
        : "\(standing) of \(probes.count) samples withstand even the whole range of the sensor")
  }

  /// Whether every row of outputs lies in [0, 1] and sums to one.
  private mutating func looksLikeProbabilities() throws -> Bool {
    let count = min(audit.samples, campaign.labels.count)
    guard count > 0, campaign.goal.isAboutClasses else { return false }
    let outputs = campaign.goal.outputsTogether(of: campaign.model.classCount)
    let scores = try campaign.model.scores(of: campaign.samples.rows(0..<count)).elements
    spent.forward += count
    return (0..<scores.count / outputs).allSatisfy { row in
      let values = scores[row * outputs..<(row + 1) * outputs]
      let sum = values.reduce(0.0) { $0 + Double($1) }
      return values.allSatisfy { $0 >= 0 && $0 <= 1 } && abs(sum - 1) < 1e-4
    }
  }

  /// Whether samples and random readings all give one and the same row of outputs.
  private mutating func isConstant() throws -> Bool {
    let rows = Array(campaign.labels.indices.prefix(audit.samples))
    guard !rows.isEmpty else { return false }
    let wide = try set.withBudget(set.norm == .l0 ? Double(set.limits.count) : .infinity)
    let batch = campaign.batch(of: rows, within: wide, stage: "audit.constant")
    let region = PerturbationRegion(wide, around: batch.originals.elements)
    var points = region.originals
    for row in rows.indices {
      var random = batch.random(row: row, restart: 0)
      region.randomPoint(&points, at: row * region.width, row: row, random: &random)
    }
    let outputs = campaign.model.classCount
    let clean = try campaign.model.scores(of: batch.originals).elements
    let moved = try campaign.model.scores(of: region.tensor(points, rows: rows.count)).elements
    spent.forward += 2 * rows.count
    let first = clean[0..<outputs]
    return rows.indices.allSatisfy { row in
      clean[row * outputs..<(row + 1) * outputs].elementsEqual(first)
        && moved[row * outputs..<(row + 1) * outputs].elementsEqual(first)
    }
  }

  /// Whether another reading of the labels would fit the model's predictions far better.
  private func betterLabelOrder() -> String? {
    let classes = campaign.model.classCount
    let records = result.samples
    guard campaign.goal == .misclassification, records.count >= 10 else { return nil }
    var table = [Int](repeating: 0, count: classes * classes)
    var right = 0
    for record in records {
      table[record.label * classes + record.cleanPrediction] += 1
      if record.label == record.cleanPrediction { right += 1 }
    }
    var taken = [Bool](repeating: false, count: classes)
    var mapped = 0
    // Labels in the order of their clearest prediction, each given the best class that is left.
    let order = (0..<classes).sorted {
      let a = table[$0 * classes..<($0 + 1) * classes].max() ?? 0
      let b = table[$1 * classes..<($1 + 1) * classes].max() ?? 0
      return a > b || a == b && $0 < $1
    }
    for label in order {
      guard
        let best = (0..<classes).filter({ !taken[$0] }).max(by: {
          table[label * classes + $0] < table[label * classes + $1]
        })
      else { continue }
      taken[best] = true
      mapped += table[label * classes + best]
    }
    guard Double(mapped - right) > 0.2 * Double(records.count) else { return nil }
    return "another order of the labels would fit \(mapped) of \(records.count) predictions, "
      + "this one fits \(right)"
  }

  /// Successes that the attack saw but did not report, and whether doubling its effort still lowers the
  /// margin of more than one survivor in twenty by a tenth.
  private mutating func optimisation() throws -> (silent: Int, isUnfinished: Bool) {
    let rows = Array(survivors.prefix(audit.samples))
    guard !rows.isEmpty else { return (0, false) }
    let batch = campaign.batch(of: rows, within: set, stage: "audit.optimisation")
    var oracle = TargetOracle(campaign.model, access: type(of: campaign.attack).needs)
    let findings = try campaign.attack.search(batch, asking: &oracle)
    let silent = findings.count { $0.candidate == nil && ($0.bestMargin ?? 1) < 0 }
    var lower = 0
    if let doubled = campaign.attack.doubled {
      let more = try doubled.search(batch, asking: &oracle)
      for (place, row) in rows.enumerated() {
        guard let before = findings[place].bestMargin, let after = more[place].bestMargin else {
          continue
        }
        if before - after > 0.1 * max(0, result.samples[row].cleanMargin) { lower += 1 }
      }
    }
    spent += oracle.spent
    return (silent, Double(lower) > max(1, 0.05 * Double(rows.count)))
  }

  /// How many probes withstand the attack when the whole range of the sensor is open to it.
  private mutating func unlimited() throws -> Int {
    guard isGradientAttack else { return 0 }
    let span = zip(set.limits.high, set.limits.low).map { $0 - $1 }
    let radius: Double
    switch set.norm {
    case .linf: radius = zip(span, set.shares).map { $0 / $1 }.max() ?? 0
    case .l2: radius = span.reduce(0) { $0 + $1 * $1 }.squareRoot()
    case .l1: radius = span.reduce(0, +)
    case .l0: radius = Double(span.count)
    }
    let whole = try PerturbationSet(
      set.limits, norm: set.norm, budget: radius, shares: set.shares)
    return try broken(probes, by: campaign.attack, within: whole, stage: "audit.unlimited")
      .count { !$0 }
  }
}
