import EngineSupport
import TensorCore

/// S1: gradients against central differences of the outputs in double precision.
extension AuditRun {
  private static let tolerance = 1e-4
  private static let singleTolerance = 1e-3

  /// Passes when the median relative error over random directions is below 1e-4 (1e-3 where the model has
  /// no gradient in double precision); the best of a sweep of step sizes counts, which forgives kinks. Every
  /// element moves in proportion to its range, since units differ. A straight-through gradient is no derivative
  /// of what the model computes; S6 and S8 judge it.
  mutating func gradientAudit() throws -> SelfCheck {
    let identifier = SelfCheck.Identifier.s1GradientAudit
    guard isGradientAttack else {
      return check(identifier, .notApplicable, "this attack takes no gradients")
    }
    guard campaign.model.hasExactGradient else {
      return check(
        identifier, .notApplicable,
        "the model rounds inside and its gradient passes straight through; S6 and S8 judge it")
    }
    let rows = probes
    guard !rows.isEmpty else { return nothingToAttack(identifier) }
    let outputs = campaign.model.classCount
    let width = campaign.limits.count
    let spans = zip(campaign.limits.high, campaign.limits.low).map {
      ($0 - $1) / campaign.limits.scaling.unitsPerTensorUnit
    }
    var errors: [Double] = []
    var isDouble = true
    for row in rows {
      var random = random("gradients").stream("sample", row)
      let point = campaign.samples.rows(row..<row + 1).elements.map(Double.init)
      let weights = (0..<outputs).map { _ in random.gaussian() }
      let (gradient, hasDouble) = try gradient(at: point, row: row, weights: weights)
      isDouble = isDouble && hasDouble
      let length = zip(gradient, spans).reduce(0) { $0 + $1.0 * $1.0 * $1.1 * $1.1 }.squareRoot()
      for _ in 0..<audit.directions {
        var direction = (0..<width).map { _ in random.gaussian() }
        let size = direction.reduce(0) { $0 + $1 * $1 }.squareRoot()
        for index in 0..<width { direction[index] *= spans[index] / size }
        let claimed = zip(gradient, direction).reduce(0) { $0 + $1.0 * $1.1 }
        errors.append(
          try smallestError(
            point, direction, weights, claimed: claimed, length: length))
      }
    }
    errors.sort()
    let median = errors[errors.count / 2]
    let limit = isDouble ? Self.tolerance : Self.singleTolerance
    return check(
      identifier, median < limit ? .pass : .fail,
      "the median relative error of \(errors.count) directional derivatives on \(rows.count) samples "
        + "is \(Float(median)) (limit \(limit))")
  }

  private mutating func gradient(
    at point: [Double], row: Int, weights: [Double]
  ) throws -> (gradient: [Double], isDouble: Bool) {
    let shape = [1] + campaign.limits.shape
    let cotangent = Tensor(shape: [1, weights.count], elements: weights)
    spent.backward += 1
    if let exact = try campaign.model.gradientInDouble(
      at: Tensor(shape: shape, elements: point), of: { _ in cotangent })
    {
      return (exact.elements, true)
    }
    let single = Tensor(shape: cotangent.shape, elements: weights.map { Float($0) })
    let answer = try campaign.model.gradient(
      at: campaign.samples.rows(row..<row + 1), of: { _ in single })
    return (answer.gradient.elements.map(Double.init), false)
  }

  private mutating func smallestError(
    _ point: [Double], _ direction: [Double], _ weights: [Double], claimed: Double, length: Double
  ) throws -> Double {
    let steps = [1e-4, 1e-5, 1e-6]
    let elements = steps.flatMap { step in
      [step, -step].flatMap { signed in zip(point, direction).map { $0 + signed * $1 } }
    }
    let scores = try campaign.model.scoresInDouble(
      of: Tensor(shape: [2 * steps.count] + campaign.limits.shape, elements: elements)
    ).elements
    spent.double += 2 * steps.count
    func value(_ place: Int) -> Double {
      weights.indices.reduce(0) { $0 + weights[$1] * scores[place * weights.count + $1] }
    }
    var smallest = Double.infinity
    for (number, step) in steps.enumerated() {
      let difference = (value(2 * number) - value(2 * number + 1)) / (2 * step)
      let size = max(abs(difference), abs(claimed), 1e-3 * length, Double.leastNormalMagnitude)
      let error = abs(difference - claimed) / size
      if error.isFinite { smallest = min(smallest, error) }
    }
    return smallest
  }
}
