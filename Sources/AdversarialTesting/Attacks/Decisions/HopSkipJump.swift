import EngineSupport

/// Walks along the decision boundary with gradient directions estimated from decisions alone.
///
/// Each round estimates the direction from `100 √t` random readings about the boundary point, steps along it
/// with a length that halves until the goal is reached, and returns to the boundary by bisection.
/// Source: Chen, Jordan, Wainwright, "HopSkipJumpAttack: a query-efficient decision-based attack", IEEE S&P
/// 2020.
public struct HopSkipJump: AdversarialAttack {
  public static let name = "hop-skip-jump"
  public static let needs = TargetAccess.decisions
  public static var norms: [PerturbationNorm] { [.linf, .l2] }
  public static var minimisesDistance: Bool { true }

  /// Queries for one sample.
  public var queries: Int
  /// Readings in the first estimate.
  public var firstEstimate: Int

  public init() { self.init(queries: 10_000, firstEstimate: 100) }

  /// Both must be positive.
  public init(queries: Int, firstEstimate: Int) {
    self.queries = queries
    self.firstEstimate = firstEstimate
    precondition(isUsable, "an estimate needs queries")
  }

  public var isUsable: Bool {
    queries.isCount && firstEstimate.isCount && firstEstimate <= 100_000
  }

  public var parameters: [AttackParameter] {
    [
      AttackParameter("queries", String(queries)),
      AttackParameter("first estimate", String(firstEstimate)),
      AttackParameter("step", "distance / √t, halved until the goal is reached"),
    ]
  }

  public func search(
    _ batch: AttackBatch, asking oracle: inout TargetOracle
  ) throws -> [AttackFinding] {
    try requireNorm(of: batch)
    var session = try SearchSession(batch, aim: .nearest, asking: &oracle)
    let starts = try BoundaryWalk.start(&session, asking: &oracle)
    for row in 0..<session.count {
      guard let start = starts[row], session.active.contains(row) else { continue }
      let before = oracle.spent.forward
      try walk(from: start, row: row, &session, asking: &oracle) { oracle in
        oracle.spent.forward - before < queries
          && oracle.remaining(for: batch.samples[row]) > 0
      }
    }
    try session.settle(asking: &oracle)
    return session.findings()
  }

  private func walk(
    from start: [Float], row: Int, _ session: inout SearchSession,
    asking oracle: inout TargetOracle, while isAffordable: (TargetOracle) -> Bool
  ) throws {
    let region = session.region
    let dimension = Double(region.width)
    let tolerance =
      region.norm == .linf ? 1 / (dimension * dimension) : 1 / (dimension * dimension.squareRoot())
    var random = session.batch.random(row: row, restart: 1)
    var source = NormalSource(&random)
    var point = try BoundaryWalk.bisect(
      start, row: row, tolerance: tolerance, &session, asking: &oracle)
    var round = 1
    while isAffordable(oracle), session.active.contains(row) {
      let distance = region.distance(point, at: 0, row: row)
      guard distance > 0 else { return }
      let reach =
        round == 1
        ? 0.1 * region.largestRange(row)
        : (region.norm == .linf ? dimension : dimension.squareRoot()) * tolerance * distance
      let wanted = Int(Double(firstEstimate) * Double(round).squareRoot())
      let count = min(wanted, oracle.remaining(for: session.batch.samples[row]))
      let direction = try estimate(
        point, row, count: count, reach: reach, &session, &source, asking: &oracle)
      guard let direction else { return }
      guard
        let ahead = try step(
          point, row, along: direction, length: distance / Double(round).squareRoot(), &session,
          asking: &oracle, while: isAffordable)
      else { return }
      point = try BoundaryWalk.bisect(
        ahead, row: row, tolerance: tolerance, &session, asking: &oracle)
      round += 1
    }
  }

  /// The direction in which the goal lies, of Euclidean length one (or its signs for L-infinity).
  private func estimate(
    _ point: [Float], _ row: Int, count: Int, reach: Double, _ session: inout SearchSession,
    _ source: inout NormalSource, asking oracle: inout TargetOracle
  ) throws -> [Float]? {
    let region = session.region
    let width = region.width
    guard count > 0 else { return nil }
    var packed = probes(about: point, row, count: count, reach: Float(reach), region, &source)
    let reached = try session.decisions(
      at: &packed, rows: Array(repeating: row, count: count), asking: &oracle)
    let hits = reached.count { $0 }
    // Without both outcomes there is no baseline to subtract.
    let mean = hits == 0 || hits == count ? 0 : 2 * Double(hits) / Double(count) - 1
    var direction = [Double](repeating: 0, count: width)
    unsafe packed.withUnsafeBufferPointer { packed in
      unsafe direction.withUnsafeMutableBufferPointer { direction in
        for place in 0..<count {
          let weight = (reached[place] ? 1.0 : -1) - mean
          for index in 0..<width {
            unsafe direction[index] += weight * Double(packed[place * width + index])
          }
        }
      }
    }
    // The weights sum to nought, but for rounding, or to the count where all outcomes are the same.
    let sum = hits == count ? Double(count) : (hits == 0 ? -Double(count) : 0)
    for index in 0..<width { direction[index] -= sum * Double(point[index]) }
    let length = direction.reduce(0) { $0 + $1 * $1 }.squareRoot()
    guard length > 0 else { return nil }
    return direction.map { value in
      region.norm == .linf
        ? Float(value > 0 ? 1 : (value < 0 ? -1 : 0)) : Float(value / length)
    }
  }

  /// Random points about a point, packed: at the distance `reach` in a direction that is uniform on the sphere
  /// (L2) or made of uniform numbers (L-infinity), clamped to the range.
  private func probes(
    about point: [Float], _ row: Int, count: Int, reach: Float, _ region: PerturbationRegion,
    _ source: inout NormalSource
  ) -> [Float] {
    let width = region.width
    let isNormal = region.norm != .linf
    let centre = point.span.extracting(0..<width)
    let floors = region.rangeLow.span.extracting(row * width..<(row + 1) * width)
    let ceilings = region.rangeHigh.span.extracting(row * width..<(row + 1) * width)
    return unsafe [Float](unsafeUninitializedCapacity: count * width) { packed, filled in
      for place in 0..<count {
        let start = place * width
        var square: Float = 0
        for index in 0..<width {
          let draw = Float(isNormal ? source.next() : 2 * source.uniform() - 1)
          unsafe packed.initializeElement(at: start + index, to: draw)
          square += draw * draw
        }
        let scale = reach / (square.squareRoot() + 1e-12)
        for index in 0..<width {
          let moved = unsafe centre[index] + scale * packed[start + index]
          let raised = moved < floors[index] ? floors[index] : moved
          unsafe packed[start + index] = raised > ceilings[index] ? ceilings[index] : raised
        }
      }
      filled = count * width
    }
  }

  /// The first point along the direction, from a whole step down, that reaches the goal.
  private func step(
    _ point: [Float], _ row: Int, along direction: [Float], length: Double,
    _ session: inout SearchSession, asking oracle: inout TargetOracle,
    while isAffordable: (TargetOracle) -> Bool
  ) throws -> [Float]? {
    let region = session.region
    var length = length
    for _ in 0..<40 where isAffordable(oracle) {
      var moved = point
      for index in moved.indices { moved[index] += Float(length) * direction[index] }
      region.project(&moved, at: 0, row: row, radius: .infinity)
      var reading = moved
      if try session.decisions(at: &reading, rows: [row], asking: &oracle)[0] { return moved }
      length /= 2
    }
    return nil
  }
}
