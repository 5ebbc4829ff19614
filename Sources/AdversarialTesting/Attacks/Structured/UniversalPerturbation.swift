import EngineSupport

/// One change for all samples: fitted to a batch by projected steps on the summed gradient, then only applied.
///
/// Preparing fits the change to every sample of the preparing batch; without it each sample is its own batch.
/// Source: Moosavi-Dezfooli et al., "Universal adversarial perturbations", CVPR 2017; the steps are those of
/// Shafahi et al., AAAI 2020.
public struct UniversalPerturbation: AdversarialAttack {
  public static let name = "universal"
  public static let needs = TargetAccess.gradients
  public static var norms: [PerturbationNorm] { [.linf, .l2] }

  public var iterations: Int
  /// The fitted change of one sample; `nil` before fitting.
  public var change: [Float]?

  public init() { self.init(iterations: 50) }

  /// `iterations` must be positive.
  public init(iterations: Int) {
    self.iterations = iterations
    precondition(isUsable, "a fit needs at least one step")
  }

  public var isUsable: Bool {
    iterations.isCount
  }

  public var parameters: [AttackParameter] {
    [
      AttackParameter("iterations", String(iterations)),
      AttackParameter("fitted", change == nil ? "to each sample" : "to all samples"),
      AttackParameter("loss", AttackLoss.crossEntropy.rawValue),
    ]
  }

  public func prepared(
    on batch: AttackBatch, asking oracle: inout TargetOracle
  ) throws -> any AdversarialAttack {
    try requireNorm(of: batch)
    guard batch.set.budget.isFinite else {
      throw Diagnostic("test.attack.budget", "a universal change needs a finite budget")
    }
    var fitted = self
    fitted.change = try fit(batch, asking: &oracle)
    return fitted
  }

  public func search(
    _ batch: AttackBatch, asking oracle: inout TargetOracle
  ) throws -> [AttackFinding] {
    try requireNorm(of: batch)
    guard let change else {
      return try batch.samples.indices.map { row in
        let part = batch.rows([row])
        return try prepared(on: part, asking: &oracle).search(part, asking: &oracle)[0]
      }
    }
    guard change.count == batch.set.limits.count else {
      throw Diagnostic("test.attack.shape", "the universal change was fitted to another shape")
    }
    var session = try SearchSession(batch, asking: &oracle)
    session.retire(unaffordable: 1, asking: oracle)
    let rows = session.active
    guard !rows.isEmpty else { return session.findings() }
    var packed = apply(change, to: session.region, rows: rows)
    _ = try session.margins(at: &packed, rows: rows, asking: &oracle)
    return session.findings()
  }

  private func apply(
    _ change: [Float], to region: PerturbationRegion, rows: [Int]
  ) -> [Float] {
    var packed = region.gather(region.originals, rows: rows)
    for (place, row) in rows.enumerated() {
      for index in 0..<region.width { packed[place * region.width + index] += change[index] }
      region.project(&packed, at: place * region.width, row: row)
    }
    return packed
  }

  /// Sums run in the order of the samples.
  private func fit(
    _ batch: AttackBatch, asking oracle: inout TargetOracle
  ) throws -> [Float] {
    let width = batch.set.limits.count
    var change = [Float](repeating: 0, count: width)
    for iteration in 0..<iterations {
      var session = try SearchSession(batch, asking: &oracle)
      session.retire(unaffordable: 1, asking: oracle)
      let rows = session.active
      if rows.isEmpty { break }
      let region = session.region
      var packed = apply(change, to: region, rows: rows)
      let answer = try session.gradients(
        at: &packed, rows: rows, of: .crossEntropy, wantsLosses: false, asking: &oracle)
      var sum = [Double](repeating: 0, count: width)
      for place in rows.indices where answer.margins[place] >= 0 {
        for index in 0..<width { sum[index] += Double(answer.gradient[place * width + index]) }
      }
      let length = sum.reduce(0) { $0 + $1 * $1 }.squareRoot()
      guard length > 0 else { break }
      let step = 0.5 * region.radius * (1 - Double(iteration) / Double(iterations))
      for index in 0..<width {
        let isSign = region.norm == .linf
        let share =
          isSign ? (sum[index] > 0 ? 1.0 : (sum[index] < 0 ? -1 : 0)) : sum[index] / length
        change[index] += Float(step * share * region.set.shares[index])
      }
      shorten(&change, region)
    }
    return change
  }

  private func shorten(_ change: inout [Float], _ region: PerturbationRegion) {
    if region.norm == .linf {
      for index in change.indices {
        let reach = Float(region.radius * region.set.shares[index])
        change[index] = min(max(change[index], -reach), reach)
      }
    } else {
      let length = change.reduce(0) { $0 + Double($1) * Double($1) }.squareRoot()
      guard length > region.radius else { return }
      let scale = Float(region.radius / length)
      for index in change.indices { change[index] *= scale }
    }
  }
}
