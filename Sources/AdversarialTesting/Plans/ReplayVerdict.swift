import TensorCore

/// What came of computing a found example again before believing it (self-check S13).
enum ReplayVerdict: Hashable {
  /// Inside the set, finite, on the grid, and misclassified in single and in double precision.
  case confirmed(prediction: Int, margin: Double)
  /// Not something the attacker could have produced: a defect of the attack.
  case outsideSet
  /// Single precision no longer misclassifies it: the model is not deterministic.
  case singleDisagrees
  /// Double precision classifies it correctly: it lives on rounding errors.
  case doubleDisagrees
}

extension ReplayVerdict {
  /// Replays the candidates of one batch, in a batch of their own; `nil` where a search found nothing.
  static func replay(
    _ findings: [AttackFinding], of batch: AttackBatch, asking oracle: inout TargetOracle
  ) throws -> [ReplayVerdict?] {
    var verdicts = [ReplayVerdict?](repeating: nil, count: findings.count)
    var rows: [Int] = []
    var elements: [Float] = []
    let width = batch.set.limits.count
    for (row, finding) in findings.enumerated() {
      guard let candidate = finding.candidate else { continue }
      let original = Array(batch.originals.elements[row * width..<(row + 1) * width])
      guard batch.set.contains(original: original, candidate: candidate) else {
        verdicts[row] = .outsideSet
        continue
      }
      rows.append(row)
      elements.append(contentsOf: candidate)
    }
    guard !rows.isEmpty else { return verdicts }
    let samples = rows.map { batch.samples[$0] }
    let readings = Tensor(shape: [rows.count] + batch.set.limits.shape, elements: elements)
    let objectives = try Self.objectives(of: batch, outputs: oracle.classCount, asking: &oracle)
    let single = try oracle.scores(of: readings, samples: samples).elements
    let double = try oracle.scoresInDouble(
      of: Tensor(shape: readings.shape, elements: elements.map(Double.init)), samples: samples
    ).elements
    let predictions = ScoreRows(
      Tensor(shape: [rows.count, oracle.classCount], elements: double), classes: oracle.classCount)
    for (place, row) in rows.enumerated() {
      let margin = objectives.double.margin(double, at: place, row: row)
      if objectives.single.margin(single, at: place, row: row) >= 0 {
        verdicts[row] = .singleDisagrees
      } else if margin >= 0 {
        verdicts[row] = .doubleDisagrees
      } else {
        verdicts[row] = .confirmed(
          prediction: batch.goal.prediction(predictions, place, label: batch.labels[row]),
          margin: margin)
      }
    }
    return verdicts
  }

  /// The goal in each precision; a deviation is measured from the clean output in that precision.
  private static func objectives(
    of batch: AttackBatch, outputs: Int, asking oracle: inout TargetOracle
  ) throws -> (single: Objective, double: Objective) {
    var references: (single: [Double], double: [Double]) = ([], [])
    if batch.goal.needsReferences {
      references.single = try oracle.references(of: batch.originals, samples: batch.samples)
        .elements.map(Double.init)
      references.double = try oracle.scoresInDouble(
        of: Tensor(
          shape: batch.originals.shape, elements: batch.originals.elements.map(Double.init)),
        samples: batch.samples
      ).elements
    }
    return (
      try Objective(
        batch.goal, labels: batch.labels, outputs: outputs, references: references.single),
      try Objective(
        batch.goal, labels: batch.labels, outputs: outputs, references: references.double)
    )
  }
}
