import TensorCore

/// Optimised slopes: below a kink any line through the origin with a slope between those of its two sides is a
/// bound, and each row of bounds has its own best choice.
///
/// Source: Xu et al., "Fast and complete: enabling complete neural network verification with rapid and massively
/// parallel incomplete verifiers" (α-CROWN), ICLR 2021; here the slopes of the last pull-back only, by projected
/// steps of Adam (Kingma, Ba, ICLR 2015) with a fixed number of steps.
extension LinearPropagation {
  /// Rows of bounds on linear functions of output and input, as `lowerBounds(outputs:inputs:constants:boxes:in:)`
  /// takes them.
  package struct Specification: Sendable {
    package var outputs: [Double]
    package var inputs: [Double]
    package var constants: [Double]
    package var boxes: [Int]

    package init(outputs: [Double], inputs: [Double], constants: [Double], boxes: [Int]) {
      self.outputs = outputs
      self.inputs = inputs
      self.constants = constants
      self.boxes = boxes
    }
  }

  /// The rows bounded with slopes of their own; each row keeps the best of its steps. Steps end early once every
  /// row is above 0.
  package func optimised(
    _ rows: Specification, in state: RelaxedBatch, steps count: Int
  ) -> InputRows {
    guard isBatched || rows.boxes.count <= 1 else {
      return oneByOne(rows, in: state, steps: count)
    }
    let own = Array(0..<rows.boxes.count)
    var state = gathered(state, boxes: rows.boxes)
    var slopes = freeSlopes(in: state)
    var multipliers = freeMultipliers(in: state)
    state.multipliers = Array(repeating: nil, count: shapes.count)
    var best: InputRows?
    for step in 0...count {
      let lines = lowerBounds(
        outputs: rows.outputs, inputs: rows.inputs, constants: rows.constants, boxes: own, in: state
      )
      if var known = best {
        for row in own where lines.bounds[row] > known.bounds[row] {
          known.bounds[row] = lines.bounds[row]
          known.sums[row] = lines.sums[row]
          for input in row * inputWidth..<(row + 1) * inputWidth {
            known.coefficients[input] = lines.coefficients[input]
          }
        }
        best = known
      } else {
        best = lines
      }
      guard step < count, !slopes.isEmpty || !multipliers.isEmpty,
        best?.bounds.contains(where: { $0 <= 0 }) == true
      else { break }
      let values = values(under: lines, in: state)
      for place in slopes.indices {
        slopes[place].ascend(
          coefficients: lines.kept[slopes[place].value], values: values[slopes[place].value],
          step: step, in: &state)
      }
      for place in multipliers.indices {
        let value = multipliers[place].value
        state.multipliers[value] = multipliers[place].ascended(
          values: values[value], count: state.count * width(value), step: step)
      }
    }
    guard var result = best else { preconditionFailure("the rows are bounded at least once") }
    result.boxes = rows.boxes
    return result
  }

  /// Each row on its own, where a network does not take several boxes at once.
  private func oneByOne(
    _ rows: Specification, in state: RelaxedBatch, steps count: Int
  ) -> InputRows {
    var result = InputRows(boxes: rows.boxes, coefficients: [], sums: [], bounds: [])
    for row in rows.boxes.indices {
      let inputs = rows.inputs.isEmpty ? 0..<0 : row * inputWidth..<(row + 1) * inputWidth
      let part = optimised(
        Specification(
          outputs: Array(rows.outputs[row * outputWidth..<(row + 1) * outputWidth]),
          inputs: Array(rows.inputs[inputs]), constants: [rows.constants[row]],
          boxes: [rows.boxes[row]]), in: state, steps: count)
      result.coefficients += part.coefficients
      result.sums += part.sums
      result.bounds += part.bounds
    }
    return result
  }

  /// The state of each row's box as a box of its own.
  private func gathered(_ state: RelaxedBatch, boxes: [Int]) -> RelaxedBatch {
    func rows(_ elements: [Double], _ width: Int) -> [Double] {
      var result: [Double] = []
      result.reserveCapacity(boxes.count * width)
      for box in boxes { result.append(contentsOf: elements[box * width..<(box + 1) * width]) }
      return result
    }
    var result = RelaxedBatch(
      count: boxes.count, ranges: Array(repeating: nil, count: shapes.count),
      links: Array(repeating: nil, count: steps.count),
      traces: Array(repeating: nil, count: shapes.count), isEmpty: boxes.map { state.isEmpty[$0] },
      output: nil)
    for value in Set(anchors + [input, output]).sorted() {
      guard let range = state.ranges[value] else { continue }
      let shape = batchShape(value, boxes.count)
      result.ranges[value] = IntervalTensor(
        lower: Tensor(shape: shape, elements: rows(range.lower.elements, width(value))),
        upper: Tensor(shape: shape, elements: rows(range.upper.elements, width(value))))
    }
    for (index, step) in steps.enumerated() {
      switch state.links[index] {
      case .offsets(let lower, let upper):
        let widths = step.results.map(width)
        result.links[index] = .offsets(
          lower: zip(lower, widths).map(rows), upper: zip(upper, widths).map(rows))
      case .planes(let planes): result.links[index] = .planes(planes.gathered(boxes: boxes))
      case nil: break
      }
    }
    return result
  }

  /// The slopes that may be chosen, by step.
  private func freeSlopes(in state: RelaxedBatch) -> [FreeSlopes] {
    steps.indices.compactMap { index in
      guard case .planar(let operation) = steps[index].kind,
        let slopes = operation.freeLowerSlopes, case .planes(let planes)? = state.links[index],
        planes.sources == nil, case .value(let value)? = steps[index].operands.first,
        let range = state.ranges[value]
      else { return nil }
      let low = range.lower.elements
      let high = range.upper.elements
      let free = low.indices.filter { low[$0] < 0 && high[$0] > 0 }
      return free.isEmpty ? nil : FreeSlopes(step: index, value: value, range: slopes, places: free)
    }
  }

  /// Elements at the end of whose range 0 lies: those that a split fixed to one side.
  private func freeMultipliers(in state: RelaxedBatch) -> [FreeMultipliers] {
    anchors.compactMap { value in
      guard settlesBySign[value], let range = state.ranges[value] else { return nil }
      let low = range.lower.elements
      let high = range.upper.elements
      let free = low.indices.filter {
        low[$0] == 0 && high[$0] > 0 || high[$0] == 0 && low[$0] < 0
      }
      return free.isEmpty
        ? nil
        : FreeMultipliers(value: value, places: free, signs: free.map { low[$0] == 0 ? 1 : -1 })
    }
  }

  /// The value of every operand of planes where each row's bound is least, with each activation on the line that
  /// the row reads.
  private func values(under lines: InputRows, in state: RelaxedBatch) -> [[Double]?] {
    let count = lines.bounds.count
    guard let box = state.ranges[input] else { return [] }
    var values = [Tensor<Double>?](repeating: nil, count: shapes.count)
    values[input] = Tensor(
      shape: batchShape(input, count),
      elements: lines.coefficients.indices.map {
        lines.coefficients[$0] > 0 ? box.lower.elements[$0] : box.upper.elements[$0]
      })
    for (index, step) in steps.enumerated() {
      let operands = step.operands.map { source -> Tensor<Double>? in
        switch source {
        case .constant(let index): constantValues[index]
        case .value(let index): values[index]
        }
      }
      let known = operands.compactMap(\.self)
      guard known.count == operands.count else { continue }
      switch (step.kind, state.links[index]) {
      case (.affine(let affine), _):
        if let map = affine.map {
          values[step.results[0]] = Tensor(
            shape: batchShape(step.results[0], count),
            elements: map.applied(
              to: known[0].elements, count: count, isMagnitude: false, from: affine.offsets[0]))
        } else {
          for (value, result) in zip(
            step.results, affine.operation.forward(known, by: .fastest))
          { values[value] = result }
        }
      case (.planar, .planes(let planes)):
        guard planes.sources == nil, let source = step.operands.first,
          case .value(let operand) = source, let x = values[operand],
          let coefficients = lines.kept[operand]
        else { continue }
        values[step.results[0]] = Tensor(
          shape: batchShape(step.results[0], count),
          elements: x.elements.indices.map {
            coefficients[$0] < 0
              ? planes.upperSlopes[$0] * x.elements[$0] + planes.upperOffsets[$0]
              : planes.lowerSlopes[$0] * x.elements[$0] + planes.lowerOffsets[$0]
          })
      default: continue
      }
    }
    return values.map { $0?.elements }
  }
}
