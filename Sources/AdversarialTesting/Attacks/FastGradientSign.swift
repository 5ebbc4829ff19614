import TensorCore

/// The single-step attack: every reading moved by the whole budget along the sign of the gradient.
///
/// It is the control that an iterative attack must not fall behind (self-check S3).
/// Source: Goodfellow, Shlens, Szegedy, "Explaining and harnessing adversarial examples", ICLR 2015.
public struct FastGradientSign: AdversarialAttack {
  public static let name = "fast-gradient-sign"
  public static let needs = TargetAccess.gradients

  public var loss: AttackLoss

  public init() { self.init(loss: .crossEntropy) }

  public init(loss: AttackLoss) { self.loss = loss }

  public var parameters: [AttackParameter] { [AttackParameter("loss", loss.rawValue)] }

  public func search(
    _ batch: AttackBatch, asking oracle: inout TargetOracle
  ) throws -> [AttackFinding] {
    guard !batch.samples.isEmpty else { return [] }
    let box = PerturbationBox(batch.set, around: batch.originals.elements)
    let labels = batch.labels
    let loss = loss
    let start = try oracle.gradient(at: batch.originals, samples: batch.samples) {
      loss.cotangent(of: $0, labels: labels)
    }
    let gradient = start.gradient.elements
    var points = batch.originals.elements
    for position in points.indices {
      if gradient[position] > 0 { points[position] = box.high[position] }
      if gradient[position] < 0 { points[position] = box.low[position] }
    }
    var state = SearchState(count: batch.samples.count)
    let moved = box.batch(of: points, rows: state.active)
    state.note(try oracle.scores(of: moved, samples: batch.samples), of: moved, labels: labels)
    return batch.samples.indices.map { row in
      AttackFinding(
        candidate: state.candidate(row),
        startGradientVanished: gradientVanished(gradient, row: row, box: box))
    }
  }
}

/// Whether a row's gradient points nowhere: zero or not finite on every element that can be written.
func gradientVanished(_ gradient: [Float], row: Int, box: PerturbationBox) -> Bool {
  (0..<box.width).allSatisfy { index in
    let slope = gradient[row * box.width + index]
    return !box.set.limits.writable[index] || slope == 0 || !slope.isFinite
  }
}
