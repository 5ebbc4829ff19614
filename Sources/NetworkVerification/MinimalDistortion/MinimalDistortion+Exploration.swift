import NeuralRuntime

/// Exploring a node and some of its offspring: the work of one task.
extension MinimalDistortion {
  /// Nodes that one task goes through on its way down.
  static let dive = 8
  /// Maxima that are tried before one is chosen, and pivots for each of their sides.
  static let trials = 4
  static let trialPivots = 40
  /// Most parts that a node is split into.
  static let width = 8

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
    let open = model.maxima.indices.filter(part.ranges.isOpen)
    guard !open.isEmpty else { return nil }
    let excesses = model.excesses(at: point, over: part.ranges)
    let multipliers = simplex.multipliers
    // What the bound would gain, to first order, if the maximum came down to its candidates.
    let scores = excesses.indices.map { maximum in
      let rows =
        model.candidateRows[maximum].compactMap(\.self)
        + [model.chordRows[maximum], model.coneRows[maximum]]
      return rows.reduce(0) { $0 + abs(multipliers[$1]) } * excesses[maximum]
    }
    let order = open.sorted {
      (scores[$0], excesses[$0], $1) > (scores[$1], excesses[$1], $0)
    }
    var best: (left: Double, sides: [DistortionNode])?
    let cutoff = result.distance * (1 - gap)
    for maximum in order.prefix(Self.trials) {
      let sides = self.sides(of: part, at: maximum, from: simplex, by: model, cutoff, &result)
      // With one side at most left, this is no choice at all.
      if sides.count < 2 { return sides }
      // A side that is half as far from the cutoff is taken to need a small part of the nodes.
      let left = sides.reduce(0) { sum, side in
        let share = (cutoff - side.bound) / (cutoff - part.bound)
        return sum + share * share * share
      }
      if left < best?.left ?? .infinity { best = (left, sides) }
    }
    return best?.sides.sorted { $0.bound < $1.bound }
  }

  /// The parts in which each of a maximum's candidates leads, the last ones of many in one part, without those that a
  /// few exchanges close.
  private func sides(
    of part: DistortionNode, at maximum: Int, from simplex: DualSimplex,
    by model: DistortionModel, _ cutoff: Double, _ result: inout DistortionExploration
  ) -> [DistortionNode] {
    let basis = simplex.basis
    let values = model.values(of: maximum, at: simplex.point)
    let live = part.ranges.live(maximum).sorted { (values[$0], $1) > (values[$1], $0) }
    let single = live.count > Self.width ? Self.width - 1 : live.count
    let groups = live.prefix(single).map { [$0] } + [Array(live.dropFirst(single))]
    let limit = max(4, min(Self.trialPivots, (1 << 27) / max(simplex.program.size, 1)))
    var sides: [DistortionNode] = []
    for leaders in groups where !leaders.isEmpty {
      var side = part
      side.basis = basis
      side.ranges.choose(leaders, in: maximum)
      guard model.propagate(&side.ranges, ceiling: result.distance) else { continue }
      var trial = simplex
      model.narrow(&trial, to: side.ranges)
      _ = trial.solve(limit: limit, ceiling: cutoff * (1 + 1e-9))
      result.pivots += trial.pivots - simplex.pivots
      side.bound = max(side.bound, trial.safeBound())
      if side.bound < cutoff {
        sides.append(side)
      } else {
        result.floor = min(result.floor, side.bound)
      }
    }
    return sides
  }
}
