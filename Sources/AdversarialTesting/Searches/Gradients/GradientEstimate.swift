import EngineSupport
import TensorCore

/// Estimates gradients from scores alone, by differences along random directions in antithetic pairs.
struct GradientEstimate {
  var directions: DifferenceDirections
  /// Pairs of queries for one estimate.
  var pairs: Int
  /// The length of a difference along each element, as a share of the budget.
  var smoothing: Double

  /// The direction in which the loss grows at the points of the active rows, packed in their order; two
  /// queries a pair. Rows that cannot afford it retire.
  func gradient(
    at points: [Float], _ session: inout SearchSession, random: inout [SeededRandom],
    asking oracle: inout TargetOracle
  ) throws -> (rows: [Int], gradient: [Float]) {
    session.retire(unaffordable: 2 * pairs, asking: oracle)
    let rows = session.active
    let region = session.region
    let width = region.width
    guard !rows.isEmpty else { return ([], []) }
    var packed: [Float] = []
    packed.reserveCapacity(rows.count * 2 * pairs * width)
    var asked: [Int] = []
    for row in rows {
      let reach = Float(difference(region, row))
      for _ in 0..<pairs {
        let draws = (0..<width).map { _ -> Float in
          switch directions {
          case .gaussian: Float(random[row].gaussian())
          case .signs: random[row].next() & 1 == 0 ? 1 : -1
          }
        }
        for sign in [reach, -reach] {
          for index in 0..<width {
            let position = row * width + index
            let moved = points[position] + sign * draws[index]
            packed.append(min(max(moved, region.rangeLow[position]), region.rangeHigh[position]))
          }
          asked.append(row)
        }
      }
    }
    let margins = try session.margins(at: &packed, rows: asked, asking: &oracle)
    var gradient = [Float](repeating: 0, count: rows.count * width)
    for (place, row) in rows.enumerated() {
      let scale = 1 / Float(difference(region, row))
      for pair in 0..<pairs {
        let first = (place * pairs + pair) * 2
        let slope = (margins[first + 1] - margins[first]) * scale
        for index in 0..<width {
          // The readings as they were asked: clamped to the range and on the sensor's grid.
          let step = packed[first * width + index] - packed[(first + 1) * width + index]
          gradient[place * width + index] += slope * step * scale
        }
      }
    }
    return (rows, gradient)
  }

  /// How far each element moves for a difference.
  private func difference(_ region: PerturbationRegion, _ row: Int) -> Double {
    let range = region.largestRange(row)
    guard region.radius.isFinite else { return smoothing * range }
    switch region.norm {
    case .linf: return max(min(smoothing * region.radius, range), range * 1e-6)
    case .l2:
      let part = region.radius / Double(region.width).squareRoot()
      return max(min(smoothing * part, range), range * 1e-6)
    case .l1, .l0: return smoothing * range
    }
  }
}
