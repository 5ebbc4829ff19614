import EngineSupport
import TensorCore

/// Fast adaptive boundary: walks along the nearest linearised decision boundary while being pulled back
/// towards the original, and keeps the nearest reading that reaches the goal.
///
/// Both the current point and the original are projected onto the boundary's linearisation inside the
/// sensor's range; the next point lies between the two projections, overshooting by `overshoot`, and a
/// point that reached the goal is drawn back by `backward` towards the original.
/// Source: Croce, Hein, ICML 2020 (alpha_max 0.1, eta 1.05, beta 0.9).
struct FABSearch {
  private static let largestBias = 0.1
  private static let overshoot = 1.05
  private static let backward: Float = 0.9

  var iterations: Int

  static let norms: [PerturbationNorm] = [.linf, .l2, .l1]

  /// One run for the active rows. `targets` is the alternative each row of the batch aims at; restart 0
  /// begins at the original, later ones at random within half the best distance so far.
  func run(
    _ session: inout SearchSession, targets: [Int], restart: Int, asking oracle: inout TargetOracle
  ) throws {
    let region = session.region
    let width = region.width
    var points = region.originals
    if restart > 0 { scatter(&points, session, restart: restart) }
    var toBoundary = [Float](repeating: 0, count: width)
    var fromOriginal = toBoundary
    let origin = toBoundary
    var plane = HyperplaneStep(count: width, norm: region.norm, shares: region.set.shares)
    for _ in 0..<iterations {
      session.retire(unaffordable: 2, asking: oracle)
      let rows = session.active
      if rows.isEmpty { return }
      var packed = region.gather(points, rows: rows)
      let asked = packed
      let answer = try session.gradients(
        at: &packed, rows: rows, of: .targetedMargin, targets: rows.map { targets[$0] },
        asking: &oracle)
      for (place, row) in rows.enumerated() {
        let gap = -Double(answer.losses[place])
        var offset = gap
        for index in 0..<width {
          offset +=
            Double(answer.gradient[place * width + index])
            * (Double(asked[place * width + index]) - Double(region.originals[row * width + index]))
        }
        plane.solve(
          weights: answer.gradient, from: place * width, distance: gap, point: asked,
          at: place * width, low: region.rangeLow, high: region.rangeHigh, row: row * width,
          into: &toBoundary)
        plane.solve(
          weights: answer.gradient, from: place * width, distance: offset,
          point: region.originals, at: row * width, low: region.rangeLow, high: region.rangeHigh,
          row: row * width, into: &fromOriginal)
        combine(&points, row, region, toBoundary, fromOriginal, origin: origin)
      }
      let walking = session.active
      var readings = region.gather(points, rows: walking)
      let margins = try session.margins(at: &readings, rows: walking, asking: &oracle)
      for (place, row) in walking.enumerated() where margins[place] < 0 {
        for position in row * width..<(row + 1) * width {
          let original = region.originals[position]
          points[position] = original + (points[position] - original) * Self.backward
        }
      }
    }
  }

  private func combine(
    _ points: inout [Float], _ row: Int, _ region: PerturbationRegion, _ toBoundary: [Float],
    _ fromOriginal: [Float], origin: [Float]
  ) {
    let width = region.width
    func length(_ change: [Float]) -> Double {
      max(region.norm.distance(change, from: 0, origin, from: 0, count: width), 1e-8)
    }
    let (near, far) = (length(toBoundary), length(fromOriginal))
    let bias = min(max(near / (near + far), 0), Self.largestBias)
    for index in 0..<width {
      let position = row * width + index
      let here = Double(points[position]) + Self.overshoot * Double(toBoundary[index])
      let there =
        Double(region.originals[position]) + Self.overshoot * Double(fromOriginal[index])
      points[position] = Float(here * (1 - bias) + there * bias)
    }
    region.project(&points, at: row * width, row: row, radius: .infinity)
  }

  private func scatter(_ points: inout [Float], _ session: SearchSession, restart: Int) {
    let region = session.region
    for row in session.active {
      var random = session.batch.random(row: row, restart: restart)
      let reach = min(session.bestDistance[row], min(region.radius, region.farthest(row)))
      let start = row * region.width
      var draws = (0..<region.width).map { _ in
        Float(region.norm == .linf ? 2 * random.uniform() - 1 : random.gaussian())
      }
      let zero = [Float](repeating: 0, count: region.width)
      let length = region.norm.distance(draws, from: 0, zero, from: 0, count: region.width)
      let scale = Float(0.5 * reach / max(length, 1e-12))
      for index in 0..<region.width {
        draws[index] *= scale
        points[start + index] += draws[index]
      }
      region.project(&points, at: start, row: row, radius: .infinity)
    }
  }
}
