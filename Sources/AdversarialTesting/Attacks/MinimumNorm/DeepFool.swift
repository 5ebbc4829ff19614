import TensorCore

/// Steps onto the nearest of the linearised decision boundaries until the goal is reached.
///
/// Each step goes to the nearest of the `candidates` likeliest alternatives as if the input had no range; the
/// reading asked about overshoots the sum of the steps by two per cent and is clamped to the range. As in the
/// authors' code each step goes a ten-thousandth of the range further than the boundary: where the range cuts
/// most of a step off, overshooting alone would approach the boundary for ever.
/// Source: Moosavi-Dezfooli, Fawzi, Frossard, "DeepFool: a simple and accurate method to fool deep neural
/// networks", CVPR 2016.
public struct DeepFool: AdversarialAttack {
  public static let name = "deepfool"
  public static let needs = TargetAccess.gradients
  public static var norms: [PerturbationNorm] { [.linf, .l2, .l1] }
  public static var minimisesDistance: Bool { true }

  public var iterations: Int
  public var candidates: Int

  public init() { self.init(iterations: 50, candidates: 10) }

  /// Both must be positive.
  public init(iterations: Int, candidates: Int) {
    self.iterations = iterations
    self.candidates = candidates
    precondition(isUsable, "an attack needs a step and a candidate")
  }

  private static let overshoot: Float = 1.02
  /// What each step adds to the distance, as a share of the range; 1e-4 in the authors' code.
  private static let margin = 1e-4

  public var isUsable: Bool {
    iterations.isCount && candidates.isCount
  }

  public var parameters: [AttackParameter] {
    [
      AttackParameter("iterations", String(iterations)),
      AttackParameter("candidates", String(candidates)), AttackParameter("overshoot", "0.02"),
      AttackParameter("beyond the boundary", "1e-4 of the range"),
    ]
  }

  public func search(
    _ batch: AttackBatch, asking oracle: inout TargetOracle
  ) throws -> [AttackFinding] {
    try requireNorm(of: batch)
    var session = try SearchSession(batch, aim: .nearest, asking: &oracle)
    let ranked = try session.rankedAlternatives(asking: &oracle).map {
      Array($0.prefix(candidates))
    }
    let region = session.region
    let width = region.width
    var points = region.originals
    var total = [Float](repeating: 0, count: points.count)
    var change = [Float](repeating: 0, count: width)
    var plane = HyperplaneStep(count: width, norm: region.norm, shares: region.set.shares)
    let beyond = (0..<session.count).map { Self.margin * region.largestRange($0) }
    // Steps are those of an unbounded input; the readings they lead to are clamped to the range.
    let free = (
      low: [Float](repeating: -.greatestFiniteMagnitude, count: width),
      high: [Float](repeating: .greatestFiniteMagnitude, count: width)
    )
    for _ in 0...iterations {
      session.retire(unaffordable: candidates, asking: oracle)
      if session.active.isEmpty { break }
      // One gradient for each alternative of each row.
      let walking = session.active.filter { !ranked[$0].isEmpty }
      let rows = walking.flatMap { row in ranked[row].map { _ in row } }
      let aims = walking.flatMap { ranked[$0] }
      if rows.isEmpty { break }
      var packed = region.gather(points, rows: rows)
      let answer = try session.gradients(
        at: &packed, rows: rows, of: .targetedMargin, targets: aims, asking: &oracle)
      var place = 0
      for row in walking {
        let places = place..<place + ranked[row].count
        place = places.upperBound
        if session.bestDistance[row].isFinite {
          session.retire(row)
          continue
        }
        guard let nearest = nearest(places, answer, region) else { continue }
        plane.solve(
          weights: answer.gradient, from: nearest.place * width,
          distance: (nearest.distance + beyond[row]) * nearest.length, point: points,
          at: row * width, low: free.low, high: free.high, row: 0, into: &change)
        for index in 0..<width {
          let position = row * width + index
          total[position] += change[index]
          points[position] = region.originals[position] + Self.overshoot * total[position]
        }
        region.project(&points, at: row * width, row: row, radius: .infinity)
      }
    }
    return session.findings()
  }

  /// The place whose linearised boundary is nearest in the norm, its distance, and the gradient's length in
  /// the dual norm. A boundary that was passed, but not clearly, is at distance nought.
  private func nearest(
    _ places: Range<Int>, _ answer: SearchSession.Answer, _ region: PerturbationRegion
  ) -> (place: Int, distance: Double, length: Double)? {
    var best: (place: Int, distance: Double, length: Double)?
    for place in places {
      let length = GradientLengths(
        answer.gradient, from: place * region.width, count: region.width, norm: region.norm,
        shares: region.set.shares
      ).dual
      guard length > 0 else { continue }
      let distance = max(0, Double(-answer.losses[place])) / length
      if distance < best?.distance ?? .infinity { best = (place, distance, length) }
    }
    return best
  }
}
