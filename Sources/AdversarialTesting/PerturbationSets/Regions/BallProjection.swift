/// Closed-form projections onto the intersection of a box and a norm ball that share their centre.
///
/// Each takes the point at `point[at...]`, the box `low...high` and the centre from `row` on, and moves the
/// point to the nearest one (Euclidean) of the intersection. The centre must lie in the box. The radius is
/// shortened by a millionth, so that storing the result in single precision does not leave the ball.
/// Sources: Duchi et al., ICML 2008 (L1); Croce, Hein, "Mind the box", ICML 2021 (box and L1).
enum BallProjection {
  private static let shortening = 1 - 0x1p-20

  static func project(
    _ point: inout [Float], at: Int, centre: [Float], low: [Float], high: [Float], row: Int,
    count: Int, norm: PerturbationNorm, radius: Double
  ) {
    switch norm {
    case .linf:
      let reach = Float(radius)
      for index in 0..<count {
        let floor = max(low[row + index], centre[row + index] - reach)
        let ceiling = min(high[row + index], centre[row + index] + reach)
        point[at + index] = min(max(point[at + index], floor), ceiling)
      }
    case .l2: ontoL2(&point, at, centre, low, high, row, count, radius * shortening)
    case .l1: ontoL1(&point, at, centre, low, high, row, count, radius * shortening)
    case .l0: ontoL0(&point, at, centre, low, high, row, count, radius)
    }
  }

  /// The point is centre + min(s |d|, room) along each axis; s solves the norm equation. Elements that hit
  /// the box stay there as s grows, so the iteration ends after finitely many steps.
  private static func ontoL2(
    _ point: inout [Float], _ at: Int, _ centre: [Float], _ low: [Float], _ high: [Float],
    _ row: Int, _ count: Int, _ radius: Double
  ) {
    var clipped = 0.0
    for index in 0..<count {
      let moved = min(max(point[at + index], low[row + index]), high[row + index])
      let change = Double(moved) - Double(centre[row + index])
      clipped += change * change
    }
    let square = radius * radius
    var scale = 1.0
    if clipped > square {
      scale = 0
      for _ in 0..<64 {
        var free = 0.0
        var fixed = 0.0
        for index in 0..<count {
          let change = Double(point[at + index]) - Double(centre[row + index])
          let room = Self.room(change, centre, low, high, row + index)
          if scale * abs(change) >= room { fixed += room * room } else { free += change * change }
        }
        guard free > 0 else { break }
        let next = (max(0, square - fixed) / free).squareRoot()
        if next <= scale { break }
        scale = next
      }
    }
    for index in 0..<count {
      let moved =
        Double(centre[row + index])
        + scale * (Double(point[at + index]) - Double(centre[row + index]))
      point[at + index] = min(max(Float(moved), low[row + index]), high[row + index])
    }
  }

  /// Soft threshold, then clip: |d| becomes min(max(|d| - t, 0), room); t solves the norm equation by
  /// Newton steps inside a shrinking bracket.
  private static func ontoL1(
    _ point: inout [Float], _ at: Int, _ centre: [Float], _ low: [Float], _ high: [Float],
    _ row: Int, _ count: Int, _ radius: Double
  ) {
    func total(_ threshold: Double) -> (sum: Double, moving: Int, largest: Double) {
      var sum = 0.0
      var moving = 0
      var largest = 0.0
      for index in 0..<count {
        let change = Double(point[at + index]) - Double(centre[row + index])
        let room = Self.room(change, centre, low, high, row + index)
        let kept = abs(change) - threshold
        largest = max(largest, abs(change))
        if kept <= 0 { continue }
        if kept >= room {
          sum += room
        } else {
          sum += kept
          moving += 1
        }
      }
      return (sum, moving, largest)
    }
    var threshold = 0.0
    let start = total(0)
    if start.sum > radius {
      var (floor, ceiling) = (0.0, start.largest)
      var state = start
      for _ in 0..<100 where abs(state.sum - radius) > 1e-9 * radius || state.sum > radius {
        if state.sum > radius { floor = threshold } else { ceiling = threshold }
        let newton =
          state.moving > 0 ? threshold + (state.sum - radius) / Double(state.moving) : -1
        threshold = newton > floor && newton < ceiling ? newton : (floor + ceiling) / 2
        state = total(threshold)
        if ceiling - floor <= ceiling.ulp { break }
      }
      if state.sum > radius { threshold = ceiling }
    }
    for index in 0..<count {
      let change = Double(point[at + index]) - Double(centre[row + index])
      let kept = max(0, abs(change) - threshold)
      let moved = Float(Double(centre[row + index]) + (change < 0 ? -kept : kept))
      point[at + index] =
        kept == 0
        ? centre[row + index] : min(max(moved, low[row + index]), high[row + index])
    }
  }

  /// Keeps the elements whose move brings the point nearest; ties go to the lower place.
  private static func ontoL0(
    _ point: inout [Float], _ at: Int, _ centre: [Float], _ low: [Float], _ high: [Float],
    _ row: Int, _ count: Int, _ radius: Double
  ) {
    var gains: [(gain: Double, index: Int)] = []
    for index in 0..<count {
      let moved = min(max(point[at + index], low[row + index]), high[row + index])
      let change = Double(point[at + index]) - Double(centre[row + index])
      let left = Double(point[at + index]) - Double(moved)
      point[at + index] = moved
      if moved != centre[row + index] { gains.append((change * change - left * left, index)) }
    }
    guard Double(gains.count) > radius else { return }
    gains.sort { $0.gain > $1.gain || $0.gain == $1.gain && $0.index < $1.index }
    for entry in gains[Int(radius)...] { point[at + entry.index] = centre[row + entry.index] }
  }

  @inline(__always)
  private static func room(
    _ change: Double, _ centre: [Float], _ low: [Float], _ high: [Float], _ position: Int
  ) -> Double {
    change < 0
      ? Double(centre[position]) - Double(low[position])
      : Double(high[position]) - Double(centre[position])
  }
}
