import TensorCore

/// The forward pass: ranges of all values by intervals, tightened by linear bounds where planes depend on them.
extension LinearPropagation {
  /// What decides the ranges over which planes are made.
  package enum RangeSource: Sendable {
    case intervals
    /// Linear bounds alone wherever intervals leave something open: the form in which values are published.
    case lines
    case both
  }

  /// Bounds every value of a batch of boxes.
  ///
  /// - Parameter batch: At most one box unless `isBatched`.
  package func relaxed(over batch: BoxBatch, by source: RangeSource = .both) -> RelaxedBatch {
    precondition(isBatched || batch.count <= 1, "boxes go one by one through this network")
    var state = RelaxedBatch(
      count: batch.count, ranges: Array(repeating: nil, count: shapes.count),
      links: Array(repeating: nil, count: steps.count),
      isEmpty: Array(repeating: false, count: batch.count), output: nil)
    state.ranges[input] = IntervalTensor(
      lower: Tensor(shape: batchShape(input, batch.count), elements: batch.lower),
      upper: Tensor(shape: batchShape(input, batch.count), elements: batch.upper))
    var isTight = [Bool](repeating: false, count: shapes.count)
    for (index, step) in steps.enumerated() {
      if case .affine = step.kind {} else {
        for case .value(let value) in step.operands where value != input && !isTight[value] {
          isTight[value] = true
          tighten(value, in: &state, knowing: batch, by: source)
        }
      }
      run(step, index, &state)
    }
    state.output = state.ranges[output]
    return state
  }

  func batchShape(_ value: Int, _ count: Int) -> [Int] {
    isBatched ? [count] + shapes[value] : shapes[value]
  }

  private func operands(of step: Step, _ state: RelaxedBatch) -> [IntervalTensor] {
    step.operands.map { source in
      switch source {
      case .constant(let index): return constants[index]
      case .value(let index):
        guard let range = state.ranges[index] else {
          preconditionFailure("a planned network computes values before they are read")
        }
        return range
      }
    }
  }

  private func run(_ step: Step, _ index: Int, _ state: inout RelaxedBatch) {
    let operands = operands(of: step, state)
    let results = step.operation.interval(operands)
    for (value, result) in zip(step.results, results) { state.ranges[value] = result }
    switch step.kind {
    case .affine(let affine):
      state.links[index] = offsets(of: affine, operands, boxes: state.count)
    case .planar(let operation):
      let varying = step.operands.map { if case .value = $0 { true } else { false } }
      if var planes = operation.planes(
        over: operands, varying: varying, within: results[0], boxes: state.count)
      {
        planes.widen(
          by: share, magnitudes: joined(operands.map { $0.magnitudes.elements }, varying, state.count))
        state.links[index] = .planes(planes)
        return
      }
      fallthrough
    case .opaque:
      state.links[index] = .offsets(
        lower: results.map(\.lower.elements), upper: results.map(\.upper.elements))
    }
  }

  /// One box's operands laid end to end, box after box.
  private func joined(_ operands: [[Double]], _ varying: [Bool], _ boxes: Int) -> [Double] {
    if operands.count == 1 { return operands[0] }
    var result: [Double] = []
    for box in 0..<boxes {
      for (elements, varies) in zip(operands, varying) {
        let width = varies ? elements.count / boxes : elements.count
        let start = varies ? box * width : 0
        result.append(contentsOf: elements[start..<start + width])
      }
    }
    return result
  }

  /// c of an affine step, less and more the error of its sums in `Float` and of ours in `Double`.
  private func offsets(
    of affine: Affine, _ operands: [IntervalTensor], boxes: Int
  ) -> RelaxedBatch.Link {
    let magnitudes = affine.operation.magnitudes(operands)
    var lower: [[Double]] = []
    var upper: [[Double]] = []
    for (offsets, magnitudes) in zip(affine.offsets, magnitudes) {
      var (low, high) = (magnitudes.elements, magnitudes.elements)
      var column = 0
      for i in low.indices {
        let magnitude = magnitudes.elements[i]
        // Magnitudes are computed in `Double` themselves: half the share more covers that.
        var error = magnitude * share
        if affine.roundings > 0 {
          error +=
            OutwardRounding.error(ofSum: affine.roundings, magnitude: magnitude) * (1 + 0x1p-20)
        }
        low[i] = (offsets[column] - error).nextDown
        high[i] = (offsets[column] + error).nextUp
        column += 1
        if column == offsets.count { column = 0 }
      }
      lower.append(low)
      upper.append(high)
    }
    return .offsets(lower: lower, upper: upper)
  }

  /// Intersects the range of a value with what is known of it and with its linear bounds.
  private func tighten(
    _ value: Int, in state: inout RelaxedBatch, knowing batch: BoxBatch, by source: RangeSource
  ) {
    guard let range = state.ranges[value] else { return }
    var low = range.lower.elements
    var high = range.upper.elements
    if let anchor = anchors.firstIndex(of: value), anchor < batch.anchorLower.count,
      !batch.anchorLower[anchor].isEmpty
    {
      let (knownLow, knownHigh) = (batch.anchorLower[anchor], batch.anchorUpper[anchor])
      for i in low.indices {
        low[i] = max(low[i], knownLow[i])
        high[i] = min(high[i], knownHigh[i])
      }
    }
    if source != .intervals, producers[value] != nil {
      var selection = RowSelection()
      let width = width(value)
      let readers = readers[value]
      let isReadOpaquely = isReadOpaquely[value]
      for i in low.indices where low[i] < high[i] {
        guard isReadOpaquely || !readers.allSatisfy({ $0.isSettled(low[i], high[i]) }) else {
          continue
        }
        selection.append(box: i / width, element: i % width, sign: 1)
        selection.append(box: i / width, element: i % width, sign: -1)
      }
      if !selection.boxes.isEmpty {
        let bounds = lowerBounds(of: selection, at: value, in: state)
        for row in stride(from: 0, to: bounds.count, by: 2) {
          let i = selection.boxes[row] * width + selection.elements[row]
          low[i] = source == .lines ? bounds[row] : max(low[i], bounds[row])
          high[i] = source == .lines ? -bounds[row + 1] : min(high[i], -bounds[row + 1])
        }
      }
    }
    let width = width(value)
    for i in low.indices where !(low[i] <= high[i]) {
      state.isEmpty[i / width] = true
      (low[i], high[i]) = (range.lower.elements[i], range.upper.elements[i])
    }
    state.ranges[value] = IntervalTensor(
      lower: Tensor(shape: range.shape, elements: low),
      upper: Tensor(shape: range.shape, elements: high))
  }

  /// The ranges of the anchors of one box, for the boxes that it is split into.
  package func anchorRanges(
    of box: Int, in state: RelaxedBatch
  ) -> (lower: [[Double]], upper: [[Double]]) {
    var lower: [[Double]] = []
    var upper: [[Double]] = []
    for value in anchors {
      let width = width(value)
      guard let range = state.ranges[value] else { continue }
      lower.append(Array(range.lower.elements[box * width..<(box + 1) * width]))
      upper.append(Array(range.upper.elements[box * width..<(box + 1) * width]))
    }
    return (lower, upper)
  }
}

/// Elements of a value in boxes of a batch, each with a sign: rows ±y to bound from below.
struct RowSelection {
  var boxes: [Int] = []
  var elements: [Int] = []
  var signs: [Double] = []

  mutating func append(box: Int, element: Int, sign: Double) {
    boxes.append(box)
    elements.append(element)
    signs.append(sign)
  }

  subscript(range: Range<Int>) -> RowSelection {
    RowSelection(
      boxes: Array(boxes[range]), elements: Array(elements[range]), signs: Array(signs[range]))
  }
}
