import EngineSupport
import NeuralRuntime
import PropertyFormat
import TensorCore

/// Looks for a violation by projected gradient descent on the greatest left side of a case's constraints.
///
/// Source: Madry et al., "Towards deep learning models resistant to adversarial attacks", ICLR 2018, with several
/// starts; a violation counts only after a replay in `Float` and in `Double`.
struct ViolationSearch: Sendable {
  let network: Network
  let test: ViolationTest

  /// Points to start from: the middle, corners, and seeded points.
  func starts(in region: PropertyRegion, count wanted: Int, _ random: SeededRandom) -> [[Float]] {
    let inputs = region.least.count
    // Points of a large input take room.
    let count = max(2, min(wanted, (1 << 22) / max(inputs, 1)))
    var points = [
      region.clamped(region.lower.indices.map { region.lower[$0] / 2 + region.upper[$0] / 2 })
    ]
    let corners = inputs <= 6 ? 1 << inputs : count / 4
    for corner in 0..<min(corners, count / 2) {
      var stream = random.stream("corner", corner)
      points.append(
        (0..<inputs).map { input in
          let isHigh = inputs <= 6 ? corner >> input & 1 == 1 : stream.next() & 1 == 1
          return isHigh ? region.most[input] : region.least[input]
        })
    }
    while points.count < count {
      var stream = random.stream("start", points.count)
      points.append(
        region.clamped(
          (0..<inputs).map { input in
            let low = Double(region.least[input])
            return low + (Double(region.most[input]) - low) * stream.uniform()
          }))
    }
    return points
  }

  /// What a descent gives: a replayed violation, or each point's nearest miss, the nearest first.
  struct Descent {
    var found: CounterExample?
    var samples = 0
    var nearest: [(excess: Double, point: [Float])] = []
  }

  /// Descends from points of a region towards a violation of one of its cases; the first found in the order of
  /// steps and points counts.
  ///
  /// - Parameter reach: The first step's share of the region's widths; the last is a thousandth of that.
  func descend(
    from points: [[Float]], in region: PropertyRegion, case index: Int, steps: Int, reach: Double
  ) -> Descent {
    var result = Descent()
    let inputs = region.least.count
    let outputs = network.output.shape.reduce(1, *)
    var points = points
    result.nearest = points.map { (.infinity, $0) }
    guard !points.isEmpty else { return result }
    for step in 0...steps {
      let batch = Tensor(
        shape: [points.count] + network.input.shape, elements: points.flatMap(\.self))
      result.samples += points.count
      let isLast = step == steps || !network.isDifferentiable
      let values: Tensor<Float>
      var slopes: Tensor<Float>?
      if isLast {
        guard let results = try? network.outputs(for: batch) else { break }
        values = results
      } else {
        guard
          let (results, gradient) = try? network.gradient(
            at: batch, cotangent: { cotangent(of: $0, at: batch, index, inputs, outputs) })
        else { break }
        (values, slopes) = (results, gradient)
      }
      for row in points.indices {
        let excess = test.excess(
          index, inputs: points[row][...],
          outputs: values.elements[row * outputs..<(row + 1) * outputs])
        if excess < result.nearest[row].excess { result.nearest[row] = (excess, points[row]) }
      }
      result.found = firstViolation(batch.elements, values.elements, inputs, outputs, index)
      guard result.found == nil, let slopes else { break }
      let share = reach * PortableMath.exp(-6.9 * Double(step) / Double(steps))
      for row in points.indices {
        let worst = worstConstraint(
          index, points[row][...], values.elements[row * outputs..<(row + 1) * outputs])
        var own = (0..<inputs).map { Double(slopes.elements[row * inputs + $0]) }
        for term in worst?.inputs ?? [] { own[term.index] += term.coefficient }
        for input in 0..<inputs where own[input] != 0 {
          let width = Double(region.most[input]) - Double(region.least[input])
          let moved = Double(points[row][input]) + (own[input] > 0 ? -share : share) * width
          points[row][input] = min(max(Float(moved), region.least[input]), region.most[input])
        }
      }
    }
    result.nearest = result.nearest.enumerated()
      .sorted { ($0.element.excess, $0.offset) < ($1.element.excess, $1.offset) }.map(\.element)
    return result
  }

  /// Descends from fresh points and then, in ever smaller steps, from the neighbourhood of the nearest misses.
  func hunt(
    in region: PropertyRegion, case index: Int, starts count: Int, from pool: [[Float]],
    _ random: SeededRandom
  ) -> Descent {
    var best = descend(
      from: starts(in: region, count: count, random) + pool, in: region, case: index, steps: 40,
      reach: 0.25)
    var samples = best.samples
    for (round, reach) in [0.03, 0.01, 0.003, 0.001].enumerated() where best.found == nil {
      let kept = best.nearest.prefix(16)
      var points: [[Float]] = []
      for (place, item) in kept.enumerated() {
        var stream = random.stream("neighbour", round * 16 + place)
        for _ in 0..<12 {
          points.append(
            region.clamped(
              item.point.indices.map { input in
                let width = Double(region.most[input]) - Double(region.least[input])
                return Double(item.point[input])
                  + width * reach * (2 * stream.uniform() + 2 * stream.uniform() - 2)
              }))
        }
      }
      best = descend(
        from: kept.map(\.point) + points, in: region, case: index, steps: 20, reach: reach)
      samples += best.samples
    }
    best.samples = samples
    return best
  }

  private func worstConstraint(
    _ index: Int, _ inputs: ArraySlice<Float>, _ outputs: ArraySlice<Float>
  ) -> SafetyProperty.LinearConstraint? {
    var worst: (value: Double, constraint: SafetyProperty.LinearConstraint)?
    for constraint in test.property.cases[index].constraints {
      let value = test.leftSide(constraint, inputs, outputs)
      if worst.map({ value > $0.value }) ?? true { worst = (value, constraint) }
    }
    return worst?.constraint
  }

  private func cotangent(
    of results: Tensor<Float>, at batch: Tensor<Float>, _ index: Int, _ inputs: Int, _ outputs: Int
  ) -> Tensor<Float> {
    var cotangent = Tensor<Float>(repeating: 0, shape: results.shape)
    for row in 0..<results.shape[0] {
      let worst = worstConstraint(
        index, batch.elements[row * inputs..<(row + 1) * inputs],
        results.elements[row * outputs..<(row + 1) * outputs])
      for term in worst?.outputs ?? [] {
        cotangent.elements[row * outputs + term.index] = Float(term.coefficient)
      }
    }
    return cotangent
  }

  /// The first row that violates the case, after its replay.
  func firstViolation(
    _ points: [Float], _ results: [Float], _ inputs: Int, _ outputs: Int, _ index: Int
  ) -> CounterExample? {
    for row in 0..<points.count / max(inputs, 1) {
      let point = points[row * inputs..<(row + 1) * inputs]
      guard
        test.holds(
          index, inputs: point, outputs: results[row * outputs..<(row + 1) * outputs])
      else { continue }
      if let found = replayed(Array(point), case: index) { return found }
    }
    return nil
  }

  /// The violation at this point if it shows in `Float` and in `Double`, each point evaluated alone.
  func replayed(_ point: [Float], case index: Int) -> CounterExample? {
    let shape = [1] + network.input.shape
    let exact = point.map { Double($0) }
    guard let float = try? network.outputs(for: Tensor(shape: shape, elements: point)),
      let double = try? network.outputs(for: Tensor(shape: shape, elements: exact)),
      float.elements.allSatisfy(\.isFinite), double.elements.allSatisfy(\.isFinite),
      test.holds(index, inputs: point[...], outputs: float.elements[...]),
      test.holds(index, inputs: exact[...], outputs: double.elements[...])
    else { return nil }
    return CounterExample(inputs: point, outputs: float.elements, caseIndex: index)
  }
}

extension ViolationSearch {
  /// The outputs at some points, flat; nil if the network refuses them.
  func outputs(at points: [[Float]]) -> [Float]? {
    let batch = Tensor(
      shape: [points.count] + network.input.shape, elements: points.flatMap(\.self))
    return (try? network.outputs(for: batch))?.elements
  }
}
