import EngineSupport
import NeuralRuntime
import PropertyFormat
import TensorCore

/// Examples: inputs of `Float` values that fulfil the constraints.
extension MinimalDistortion {
  /// An example near the sample: descents in boxes of growing reach, and the last way back by halves.
  func firstExample(within effort: DistortionEffort) -> [Float]? {
    if let found = search.replayed(sample, case: 0) { return found.inputs }
    let random = SeededRandom(seed: effort.seed).stream("distortion", 0)
    let farthest = farthest
    let most =
      norm == .linf
      ? farthest
      : zip(region.lower, region.upper).reduce(0) {
        max($0, $1.1 - $1.0)
      }
    for step in 0..<9 {
      let box = self.box(within: most * PortableMath.exp(Double(step - 8) * 0.6))
      let points = search.starts(in: box, count: effort.starts, random.stream("reach", step))
      let descent = search.descend(from: points, in: box, case: 0, steps: 40, reach: 0.25)
      if let found = descent.found { return nearest(on: found.inputs) }
    }
    return nil
  }

  /// The limits within a distance of the sample.
  func box(within distance: Double) -> PropertyRegion {
    var box = region
    for (i, x) in start.enumerated() {
      box.lower[i] = max(box.lower[i], (x - distance).nextDown)
      box.upper[i] = min(box.upper[i], (x + distance).nextUp)
      box.least[i] = max(box.least[i], min(sample[i], Float(x - distance)))
      box.most[i] = min(box.most[i], max(sample[i], Float(x + distance)))
    }
    return box
  }

  /// The nearest example that halving finds on the way from the sample to this one.
  func nearest(on example: [Float]) -> [Float] {
    var best = example
    var (low, high) = (0.0, 1.0)
    for _ in 0..<30 {
      let share = low / 2 + high / 2
      let point = region.clamped(
        zip(start, example).map { $0 + share * (Double($1) - $0) })
      if let found = search.replayed(point, case: 0) {
        (best, high) = (found.inputs, share)
      } else {
        low = share
      }
    }
    return best
  }

  /// An example in the linear region of an input that is nearer than a distance: the region's own nearest point,
  /// with as much room to the constraints as the replay needs.
  ///
  /// - Parameter simplex: A program of the model, with any ranges that hold for the input.
  func polished(
    _ input: [Double], by model: DistortionModel, from simplex: DualSimplex,
    over ranges: CandidateRanges, below known: Double, pivots: inout Int
  ) -> [Float]? {
    var simplex = simplex
    let before = simplex.pivots
    defer { pivots += simplex.pivots - before }
    var sides = ranges
    for (maximum, leader) in model.leaders(at: input).enumerated() {
      sides.fix(leader, in: maximum)
    }
    model.narrow(&simplex, to: sides)
    let limit = simplex.program.pivotLimit
    guard simplex.solve(limit: limit, ceiling: known) == .optimal else { return nil }
    func attempt(_ margin: Double) -> [Float]? {
      for (row, constraint) in model.constraints.enumerated() {
        let variable = simplex.program.columns + model.firstConstraint + row
        let most = -constraint.lower - margin * (1 + abs(constraint.lower))
        simplex.bound(variable, from: min(simplex.program.lower[variable], most), to: most)
      }
      simplex.restore()
      guard simplex.solve(limit: limit, ceiling: known) == .optimal else { return nil }
      let point = region.clamped(rounded(model.input(at: simplex.point)))
      guard distance(of: point) < known else { return nil }
      return search.replayed(point, case: 0)?.inputs
    }
    var best = attempt(0)
    var (low, high) = (0.0, 1e-9)
    while best == nil, high < 1e-2 {
      best = attempt(high)
      if best == nil { (low, high) = (high, 4 * high) }
    }
    guard best != nil, low > 0 else { return best }
    for _ in 0..<6 {
      let margin = low / 2 + high / 2
      if let nearer = attempt(margin), let known = best,
        distance(of: nearer) < distance(of: known)
      {
        (best, high) = (nearer, margin)
      } else {
        low = margin
      }
    }
    return best
  }

  /// The nearest `Float` values on the sample's side.
  private func rounded(_ input: [Double]) -> [Double] {
    zip(input, start).map { x, c in
      let nearest = Float(x)
      guard abs(Double(nearest) - c) > abs(x - c), x != c else { return Double(nearest) }
      return Double(Double(nearest) > c ? nearest.nextDown : nearest.nextUp)
    }
  }
}
