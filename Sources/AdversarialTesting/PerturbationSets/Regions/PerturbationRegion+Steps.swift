/// Steps along a gradient: the direction that a norm makes steepest.
extension PerturbationRegion {
  /// The whole budget in one step from the original.
  func stepToTheEdge(
    _ points: inout [Float], at: Int, row: Int, along gradient: [Float], from packed: Int
  ) {
    if norm == .linf {
      for index in 0..<width {
        if gradient[packed + index] > 0 { points[at + index] = high[row * width + index] }
        if gradient[packed + index] < 0 { points[at + index] = low[row * width + index] }
      }
      if !set.compiled.slabs.isEmpty { project(&points, at: at, row: row) }
      return
    }
    step(&points, at: at, row: row, along: gradient, from: packed, by: reach(of: row))
  }

  /// The length of a step that crosses the region: the radius, or the range where there is none.
  func reach(of row: Int) -> Double {
    if norm == .l0 { return largestRange(row) }
    return radius.isFinite ? radius : farthest(row)
  }

  /// The distance to the farthest corner of the sensor's range, in the set's norm.
  func farthest(_ row: Int) -> Double {
    var corner = [Float](repeating: 0, count: width)
    for index in 0..<width {
      let position = row * width + index
      let up = rangeHigh[position] - originals[position]
      let down = originals[position] - rangeLow[position]
      corner[index] = up > down ? rangeHigh[position] : rangeLow[position]
    }
    return max(distance(corner, at: 0, row: row), Double.leastNormalMagnitude)
  }

  func largestRange(_ row: Int) -> Double {
    var largest: Float = 0
    for position in row * width..<(row + 1) * width {
      largest = max(largest, rangeHigh[position] - rangeLow[position])
    }
    return Double(largest)
  }

  /// One projected step of a given length: sign for L-infinity, normalised for L2, for L1 spread over the
  /// steepest twentieth of the elements that still have room, and for L0 a share of the way to the best corner.
  func step(
    _ points: inout [Float], at: Int, row: Int, along gradient: [Float], from packed: Int,
    by length: Double
  ) {
    let start = row * width
    switch norm {
    case .linf:
      signStep(&points, at: at, start: start, along: gradient, from: packed, by: Float(length))
      if !set.compiled.slabs.isEmpty { project(&points, at: at, row: row) }
    case .l0:
      mixWithCorner(&points, at: at, row: row, along: gradient, from: packed, by: length)
    case .l2:
      var square = 0.0
      for index in 0..<width {
        square += Double(gradient[packed + index]) * Double(gradient[packed + index])
      }
      guard square > 0 else { return }
      let scale = Float(length / square.squareRoot())
      for index in 0..<width { points[at + index] += scale * gradient[packed + index] }
      project(&points, at: at, row: row)
    case .l1:
      let chosen = steepest(points, at, start, gradient, packed, share: 0.05)
      let part = Float(length) / Float(max(1, chosen.count))
      for index in chosen { points[at + index] += gradient[packed + index] > 0 ? part : -part }
      project(&points, at: at, row: row)
    }
  }

  /// The sign of the gradient times the step, clamped to the bounds; a loop that vectorises.
  private func signStep(
    _ points: inout [Float], at: Int, start: Int, along gradient: [Float], from packed: Int,
    by step: Float
  ) {
    let width = width
    let slopes = gradient.span.extracting(packed..<packed + width)
    let floors = low.span.extracting(start..<start + width)
    let ceilings = high.span.extracting(start..<start + width)
    let shares = set.shares.span.extracting(0..<width)
    unsafe points.withUnsafeMutableBufferPointer { points in
      precondition(at >= 0 && at + width <= points.count, "the buffer holds the sample")
      for index in 0..<width {
        let share = step * Float(shares[index])
        let slope = slopes[index]
        let direction: Float = (slope > 0 ? share : 0) - (slope < 0 ? share : 0)
        let moved = unsafe points[at + index] + direction
        let raised = moved < floors[index] ? floors[index] : moved
        unsafe points[at + index] = raised > ceilings[index] ? ceilings[index] : raised
      }
    }
  }

  /// L0 has no steepest direction but a best corner of its ball: the few elements with the most to gain by
  /// the gradient, each at the end of its range. The point goes `length` over the range of the way there.
  private func mixWithCorner(
    _ points: inout [Float], at: Int, row: Int, along gradient: [Float], from packed: Int,
    by length: Double
  ) {
    let start = row * width
    let gains = promises(of: gradient, from: packed, row: row)
    guard !gains.isEmpty else { return }
    let share = Float(min(1, length / max(largestRange(row), Double.leastNormalMagnitude)))
    for index in 0..<width {
      points[at + index] += share * (originals[start + index] - points[at + index])
    }
    for entry in gains.prefix(Int(min(radius, Double(width)))) {
      let original = originals[start + entry.index]
      points[at + entry.index] += share * (entry.end - original)
    }
    project(&points, at: at, row: row)
  }

  /// Takes back all changes but those of the `count` elements that span the best corner of the L0 ball by
  /// the gradient, and projects. The nearest sparse point would hold on to whichever elements moved first.
  func keepBestCorner(
    _ points: inout [Float], at: Int, row: Int, along gradient: [Float], from packed: Int,
    count: Int
  ) {
    let gains = promises(of: gradient, from: packed, row: row)
    guard !gains.isEmpty else { return }
    let moved = gains.prefix(count).map { ($0.index, points[at + $0.index]) }
    for index in 0..<width { points[at + index] = originals[row * width + index] }
    for (index, value) in moved { points[at + index] = value }
    project(&points, at: at, row: row, radius: Double(count))
  }

  /// What the gradient promises for each element taken alone to the end of its range, the most first.
  private func promises(
    of gradient: [Float], from packed: Int, row: Int
  ) -> [(gain: Float, index: Int, end: Float)] {
    let start = row * width
    var gains: [(gain: Float, index: Int, end: Float)] = []
    for index in 0..<width {
      let slope = gradient[packed + index]
      let end = slope > 0 ? rangeHigh[start + index] : rangeLow[start + index]
      let gain = slope * (end - originals[start + index])
      if gain > 0 { gains.append((gain, index, end)) }
    }
    gains.sort { $0.gain > $1.gain || $0.gain == $1.gain && $0.index < $1.index }
    return gains
  }

  /// The elements with the largest slopes among those that can still move that way, at least one.
  private func steepest(
    _ points: [Float], _ at: Int, _ start: Int, _ gradient: [Float], _ packed: Int, share: Double
  ) -> [Int] {
    let free = (0..<width).filter { index in
      let slope = gradient[packed + index]
      return slope > 0 && points[at + index] < rangeHigh[start + index]
        || slope < 0 && points[at + index] > rangeLow[start + index]
    }
    let count = max(1, Int((share * Double(width)).rounded(.up)))
    let order = free.sorted {
      let (a, b) = (abs(gradient[packed + $0]), abs(gradient[packed + $1]))
      return a > b || a == b && $0 < $1
    }
    return Array(order.prefix(count))
  }
}
