import TensorCore

/// Steps onto the nearest of the linearised decision boundaries until the goal is reached.
///
/// Each step goes to the nearest of the `candidates` likeliest alternatives; the reading asked about
/// overshoots the sum of the steps by two per cent.
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

  public var isUsable: Bool {
    iterations.isCount && candidates.isCount
  }

  public var parameters: [AttackParameter] {
    [
      AttackParameter("iterations", String(iterations)),
      AttackParameter("candidates", String(candidates)), AttackParameter("overshoot", "0.02"),
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
    var change = [Float](repeating: 0, count: width)
    for _ in 0..<iterations {
      session.retire(unaffordable: candidates + 1, asking: oracle)
      if session.active.isEmpty { break }
      // One gradient for each alternative of each row.
      let rows = session.active.flatMap { row in ranked[row].map { _ in row } }
      let aims = session.active.flatMap { ranked[$0] }
      var packed = region.gather(points, rows: rows)
      let asked = packed
      let answer = try session.gradients(
        at: &packed, rows: rows, of: .targetedMargin, targets: aims, asking: &oracle)
      var place = 0
      for row in session.active where !ranked[row].isEmpty {
        let places = place..<place + ranked[row].count
        place = places.upperBound
        guard let nearest = nearest(places, answer, region) else { continue }
        HyperplaneStep.solve(
          weights: answer.gradient, from: nearest * width,
          distance: -Double(answer.losses[nearest]), point: asked, at: nearest * width,
          low: region.rangeLow, high: region.rangeHigh, row: row * width, count: width,
          norm: region.norm, shares: region.set.shares, into: &change, to: 0)
        for index in 0..<width { points[row * width + index] += change[index] }
        region.project(&points, at: row * width, row: row, radius: .infinity)
      }
      let walking = session.active
      var readings = overshot(points, region, rows: walking)
      let margins = try session.margins(at: &readings, rows: walking, asking: &oracle)
      for (place, row) in walking.enumerated() where margins[place] < 0 { session.retire(row) }
    }
    return session.findings()
  }

  /// The place whose linearised boundary is nearest in the norm.
  private func nearest(
    _ places: Range<Int>, _ answer: SearchSession.Answer, _ region: PerturbationRegion
  ) -> Int? {
    var best: (place: Int, distance: Double)?
    for place in places {
      let length = GradientLengths(
        answer.gradient, from: place * region.width, count: region.width, norm: region.norm,
        shares: region.set.shares
      ).dual
      guard length > 0 else { continue }
      let distance = Double(-answer.losses[place]) / length
      if distance < best?.distance ?? .infinity { best = (place, distance) }
    }
    return best?.place
  }

  private func overshot(
    _ points: [Float], _ region: PerturbationRegion, rows: [Int]
  ) -> [Float] {
    var packed = region.gather(points, rows: rows)
    for (place, row) in rows.enumerated() {
      for index in 0..<region.width {
        let original = region.originals[row * region.width + index]
        packed[place * region.width + index] =
          original + (packed[place * region.width + index] - original) * Self.overshoot
      }
      region.project(&packed, at: place * region.width, row: row, radius: .infinity)
    }
    return packed
  }
}
