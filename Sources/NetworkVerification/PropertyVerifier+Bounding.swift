import NeuralRuntime
import PropertyFormat

/// Bounding a batch of subproblems: the work of one task.
extension PropertyVerifier {
  /// Bounds each subproblem and proposes splits and points; in their order.
  ///
  /// - Parameter known: What the forward pass over these boxes left, where that is known.
  func bounded(
    _ subproblems: [Subproblem], knowing known: RelaxedBatch? = nil
  ) -> [BoundedSubproblem] {
    guard let first = subproblems.first else { return [] }
    let batch = BoxBatch(
      lower: subproblems.flatMap(\.lower), upper: subproblems.flatMap(\.upper),
      count: subproblems.count,
      anchorLower: joined(subproblems.map(\.anchorLower), first.anchorLower),
      anchorUpper: joined(subproblems.map(\.anchorUpper), first.anchorUpper))
    let state = known ?? propagation.relaxed(over: batch)
    let rows = constraintRows(of: subproblems, isEmpty: state.isEmpty)
    var lines = propagation.lowerBounds(
      outputs: rows.outputs, inputs: rows.inputs, constants: rows.constants, boxes: rows.boxes,
      in: state)
    sharpen(&lines, rows, subproblems, state)
    var results: [BoundedSubproblem] = []
    var row = 0
    for (box, subproblem) in subproblems.enumerated() {
      var result = BoundedSubproblem(
        open: subproblem, splits: [], candidates: [], excess: .infinity, depth: -.infinity)
      if state.isEmpty[box] {
        result.open.cases = []
        results.append(result)
        continue
      }
      var open: [(index: Int, row: Int)] = []
      for index in subproblem.cases {
        // The constraint that is nearest to being refuted leads the way.
        var best = row
        for next in row..<row + property.cases[index].constraints.count
        where lines.bounds[next] > lines.bounds[best] { best = next }
        let isRefuted =
          best < row + property.cases[index].constraints.count && lines.bounds[best] > 0
        row += property.cases[index].constraints.count
        // A case without constraints has no bound.
        result.depth = max(
          result.depth, property.cases[index].constraints.isEmpty ? .infinity : -lines.bounds[best])
        if !isRefuted { open.append((index, best)) }
      }
      result.open.cases = open.map(\.index)
      if !open.isEmpty {
        let ranges = propagation.anchorRanges(of: box, in: state)
        (result.open.anchorLower, result.open.anchorUpper) = (ranges.lower, ranges.upper)
        let leading = open.filter { property.cases[$0.index].constraints.isEmpty == false }
        guide(&result, by: lines, rows: leading.map(\.row), box: box, in: state)
      }
      results.append(result)
    }
    test(&results)
    return results
  }

  /// Optimises the slopes of the leading row of each case that is still open, in a few steps where boxes are halved:
  /// more take longer than the boxes they save.
  private func sharpen(
    _ lines: inout LinearPropagation.InputRows, _ rows: LinearPropagation.Specification,
    _ subproblems: [Subproblem], _ state: RelaxedBatch
  ) {
    var chosen: [Int] = []
    var row = 0
    for (box, subproblem) in subproblems.enumerated() where !state.isEmpty[box] {
      for index in subproblem.cases {
        let range = row..<row + property.cases[index].constraints.count
        row = range.upperBound
        guard let best = range.max(by: { lines.bounds[$0] < lines.bounds[$1] }),
          lines.bounds[best] <= 0, lines.bounds[best].isFinite
        else { continue }
        chosen.append(best)
      }
    }
    guard !chosen.isEmpty else { return }
    func part(_ elements: [Double], _ width: Int) -> [Double] {
      elements.isEmpty ? [] : chosen.flatMap { elements[$0 * width..<($0 + 1) * width] }
    }
    let better = propagation.optimised(
      LinearPropagation.Specification(
        outputs: part(rows.outputs, propagation.outputWidth),
        inputs: part(rows.inputs, propagation.inputWidth), constants: part(rows.constants, 1),
        boxes: chosen.map { rows.boxes[$0] }), in: state, steps: splitsInputs ? 5 : 20)
    for (place, row) in chosen.enumerated() where better.bounds[place] > lines.bounds[row] {
      lines.bounds[row] = better.bounds[place]
      lines.sums[row] = better.sums[place]
      let width = propagation.inputWidth
      for input in 0..<width {
        lines.coefficients[row * width + input] = better.coefficients[place * width + input]
      }
    }
  }

  /// The ranges of each anchor, box after box; none where nothing is known.
  private func joined(_ ranges: [[[Double]]], _ first: [[Double]]) -> [[Double]] {
    first.indices.map { anchor in ranges.flatMap { $0[anchor] } }
  }

  private func constraintRows(
    of subproblems: [Subproblem], isEmpty: [Bool]
  ) -> LinearPropagation.Specification {
    var outputs: [Double] = []
    var inputs: [Double] = []
    var constants: [Double] = []
    var boxes: [Int] = []
    let readsInputs = property.cases.contains { $0.constraints.contains { !$0.inputs.isEmpty } }
    for (box, subproblem) in subproblems.enumerated() where !isEmpty[box] {
      for index in subproblem.cases {
        for constraint in property.cases[index].constraints {
          let start = outputs.count
          outputs.append(contentsOf: repeatElement(0, count: propagation.outputWidth))
          for term in constraint.outputs { outputs[start + term.index] = term.coefficient }
          if readsInputs {
            let start = inputs.count
            inputs.append(contentsOf: repeatElement(0, count: propagation.inputWidth))
            for term in constraint.inputs { inputs[start + term.index] = term.coefficient }
          }
          constants.append(constraint.constant)
          boxes.append(box)
        }
      }
    }
    return LinearPropagation.Specification(
      outputs: outputs, inputs: inputs, constants: constants, boxes: boxes)
  }

  /// What a line's own slope counts beside the looseness that an input causes: a split does not straighten it.
  private static let slopeWeight = 0.3

  /// Chooses where to split, and points to try: the middle, and the corner where the leading line is least.
  private func guide(
    _ result: inout BoundedSubproblem, by lines: LinearPropagation.InputRows, rows: [Int], box: Int,
    in state: RelaxedBatch
  ) {
    let (lower, upper) = (result.open.lower, result.open.upper)
    let width = lower.count
    let region = regions[result.open.region]
    result.candidates.append(
      region.clamped(lower.indices.map { lower[$0] / 2 + upper[$0] / 2 }))
    var smear = [Double](repeating: 0, count: width)
    let widths = lower.indices.map { upper[$0] - lower[$0] }
    for row in rows {
      let looseness = propagation.looseness(of: row, in: lines, over: state, widths: widths[...])
      for input in 0..<width {
        let slope = abs(lines.coefficients[row * width + input])
        smear[input] += slope.isFinite ? slope * widths[input] * Self.slopeWeight : 0
        if !looseness.isEmpty { smear[input] += looseness[input] }
      }
    }
    if let row = rows.first {
      result.candidates.append(
        region.clamped(
          lower.indices.map {
            lines.coefficients[row * width + $0] > 0 ? lower[$0] : upper[$0]
          }))
    }
    if let steps = propagation.openSteps(of: box, in: state, atMost: Self.splitInputs) {
      result.splits = [
        .steps(anchor: steps.anchor, element: steps.element, lowerHalfEnd: steps.lowerHalfEnd)
      ]
      return
    }
    if !splitsInputs, let row = rows.first,
      let kink = propagation.loosest(in: lines, row: row, over: state)
    {
      result.splits = [.activation(anchor: kink.anchor, element: kink.element)]
      return
    }
    // Where the lines say nothing, the widest input in proportion to the property's box is halved.
    let splittable = lower.indices.filter { input in
      let middle = lower[input] / 2 + upper[input] / 2
      return lower[input] < middle && middle < upper[input]
    }
    func weight(_ input: Int) -> (Double, Double) {
      let whole = region.upper[input] - region.lower[input]
      return (smear[input], whole > 0 ? (upper[input] - lower[input]) / whole : 0)
    }
    var best: Int?
    for input in splittable where best.map({ weight(input) > weight($0) }) ?? true { best = input }
    if let best { result.splits = [.input(best)] }
  }

  /// Evaluates the candidates of all open subproblems at once.
  private func test(_ results: inout [BoundedSubproblem]) {
    let points = results.flatMap(\.candidates)
    guard !points.isEmpty else { return }
    guard let values = search.outputs(at: points) else { return }
    let width = propagation.outputWidth
    var row = 0
    for place in results.indices {
      let count = results[place].candidates.count
      var least: (excess: Double, candidate: Int) = (.infinity, 0)
      for candidate in 0..<count {
        let outputs = values[(row + candidate) * width..<(row + candidate + 1) * width]
        for index in results[place].open.cases {
          let excess = search.test.excess(
            index, inputs: results[place].candidates[candidate][...], outputs: outputs)
          if excess < least.excess { least = (excess, candidate) }
        }
      }
      row += count
      results[place].excess = least.excess
      if count > 0 { results[place].candidates = [results[place].candidates[least.candidate]] }
    }
  }
}
