import NeuralRuntime

/// Exploring a node and some of its offspring: the work of one task.
extension MinimalDistortion {
  /// Nodes that one task goes through on its way down.
  static let dive = 8
  /// Rectifiers that are tried before one is chosen, and pivots for each try.
  static let trials = 4
  static let trialPivots = 40

  /// - Parameters:
  ///   - known: The distance of the nearest example; parts whose bounds reach `(1 - gap) * known` are closed.
  func explored(
    _ node: DistortionNode, by model: DistortionModel, known: Double, gap: Double
  ) -> DistortionExploration {
    var result = DistortionExploration(distance: known)
    var part = node
    var simplex = DualSimplex(model.program(over: part.ranges, ceiling: known))
    simplex.install(node.basis)
    for _ in 0..<Self.dive {
      result.nodes += 1
      guard model.propagate(&part.ranges, ceiling: result.distance) else {
        return finished(result, simplex)
      }
      model.narrow(&simplex, to: part.ranges)
      let cutoff = result.distance * (1 - gap)
      let outcome = simplex.solve(
        limit: simplex.program.pivotLimit, ceiling: cutoff * (1 + 1e-9))
      part.bound = max(part.bound, simplex.safeBound())
      guard part.bound < cutoff else {
        result.floor = min(result.floor, part.bound)
        return finished(result, simplex)
      }
      let point = simplex.point
      if outcome == .optimal,
        let example = polished(
          model.input(at: point), by: model, from: simplex, over: part.ranges,
          below: result.distance, pivots: &result.pivots)
      {
        result.example = example
        result.distance = distance(of: example)
      }
      guard let next = split(&part, at: point, from: simplex, by: model, gap: gap, &result) else {
        result.floor = min(result.floor, part.bound)
        return finished(result, simplex)
      }
      guard let first = next.first else { return finished(result, simplex) }
      result.children.append(contentsOf: next.dropFirst())
      part = first
    }
    part.basis = simplex.basis
    result.children.append(part)
    return finished(result, simplex)
  }

  private func finished(
    _ result: DistortionExploration, _ simplex: DualSimplex
  ) -> DistortionExploration {
    var result = result
    result.pivots += simplex.pivots
    return result
  }

  /// The open parts of a node, the most promising first; nil where nothing is left to split.
  private func split(
    _ part: inout DistortionNode, at point: [Double], from simplex: DualSimplex,
    by model: DistortionModel, gap: Double, _ result: inout DistortionExploration
  ) -> [DistortionNode]? {
    let excesses = model.excesses(at: point)
    let ranges = part.ranges
    let open = excesses.indices.filter(ranges.isOpen)
    guard !open.isEmpty else { return nil }
    let multipliers = simplex.multipliers
    let scores = excesses.indices.map { rectifier in
      guard ranges.isOpen(rectifier) else { return 0.0 }
      let (low, high) = (ranges.lower[rectifier], ranges.upper[rectifier])
      let chord = abs(multipliers[model.chordRow(of: rectifier)])
      let kink = abs(multipliers[model.kinkRow(of: rectifier)])
      return (chord * -low * high / (high - low) + kink * excesses[rectifier])
    }
    let order = open.sorted {
      (scores[$0], excesses[$0], $1) > (scores[$1], excesses[$1], $0)
    }
    var best: (score: Double, sides: [DistortionNode])?
    let basis = simplex.basis
    for rectifier in order.prefix(Self.trials) {
      var sides: [DistortionNode] = []
      var score = 1.0
      let cutoff = result.distance * (1 - gap)
      for isActive in [false, true] {
        var side = part
        side.basis = basis
        if isActive { side.ranges.lower[rectifier] = 0 } else { side.ranges.upper[rectifier] = 0 }
        guard model.propagate(&side.ranges, ceiling: result.distance) else {
          score *= result.distance
          continue
        }
        var trial = simplex
        model.narrow(&trial, to: side.ranges)
        _ = trial.solve(
          limit: min(Self.trialPivots, trial.program.pivotLimit), ceiling: cutoff * (1 + 1e-9))
        result.pivots += trial.pivots - simplex.pivots
        side.bound = max(side.bound, trial.safeBound())
        score *= max(min(side.bound, result.distance) - part.bound, 1e-6 * result.distance)
        if side.bound < cutoff {
          sides.append(side)
        } else {
          result.floor = min(result.floor, side.bound)
        }
      }
      if sides.count < 2 {
        // One side at most is left, so this is no choice at all.
        return sides
      }
      if score > best?.score ?? -1 { best = (score, sides) }
    }
    return best?.sides.sorted { $0.bound < $1.bound }
  }
}
