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
    let single = ScoreRows(
      try oracle.scores(of: readings, samples: samples), classes: oracle.classCount)
    let double = ScoreRows(
      try oracle.scoresInDouble(
        of: Tensor(shape: readings.shape, elements: elements.map(Double.init)), samples: samples),
      classes: oracle.classCount)
    for (place, row) in rows.enumerated() {
      let label = batch.labels[row]
      let margin = double.margin(place, label: label)
      if single.margin(place, label: label) >= 0 {
        verdicts[row] = .singleDisagrees
      } else if margin >= 0 {
        verdicts[row] = .doubleDisagrees
      } else {
        verdicts[row] = .confirmed(prediction: double.prediction(place), margin: margin)
      }
    }
    return verdicts
  }
}
