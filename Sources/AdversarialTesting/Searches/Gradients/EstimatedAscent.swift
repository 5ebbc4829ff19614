import EngineSupport

/// Projected steepest steps on an estimated gradient with momentum, from the original, until the queries
/// are spent.
struct EstimatedAscent {
  /// What is kept of earlier estimates; 0.9 in the code of Ilyas et al.
  private static let momentum: Float = 0.9

  var estimate: GradientEstimate
  var queries: Int

  func search(
    _ batch: AttackBatch, asking oracle: inout TargetOracle
  ) throws -> [AttackFinding] {
    var session = try SearchSession(batch, asking: &oracle)
    let region = session.region
    var points = region.originals
    var random = (0..<session.count).map { batch.random(row: $0, restart: 0) }
    let reach = (0..<session.count).map { region.reach(of: $0) }
    let width = region.width
    var direction = [Float](repeating: 0, count: points.count)
    let steps = max(1, queries / (2 * estimate.pairs + 1))
    for step in 0..<steps {
      let (rows, gradient) = try estimate.gradient(
        at: points, &session, random: &random, asking: &oracle)
      if rows.isEmpty { break }
      let length = 0.5 * max(0.02, 1 - Double(step) / Double(steps))
      for (place, row) in rows.enumerated() {
        for index in 0..<width {
          let position = row * width + index
          direction[position] =
            Self.momentum * direction[position]
            + (1 - Self.momentum) * gradient[place * width + index]
        }
        region.step(
          &points, at: row * width, row: row, along: direction, from: row * width,
          by: length * reach[row])
      }
      session.retire(unaffordable: 1, asking: oracle)
      if session.active.isEmpty { break }
      var packed = region.gather(points, rows: session.active)
      _ = try session.margins(at: &packed, rows: session.active, asking: &oracle)
    }
    return session.findings()
  }
}
