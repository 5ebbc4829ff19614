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
      traces: Array(repeating: nil, count: shapes.count),
      isEmpty: Array(repeating: false, count: batch.count), output: nil)
    state.ranges[input] = IntervalTensor(
      lower: Tensor(shape: batchShape(input, batch.count), elements: batch.lower),
      upper: Tensor(shape: batchShape(input, batch.count), elements: batch.upper))
    var isTight = [Bool](repeating: false, count: shapes.count)
    for (index, step) in steps.enumerated() {
      if case .affine = step.kind {
      } else {
        for case .value(let value) in step.operands where value != input && !isTight[value] {
          isTight[value] = true
          tighten(value, in: &state, knowing: batch, by: source)
        }
      }
      run(step, index, &state, knowing: batch)
    }
    state.output = state.ranges[output]
    return state
  }

  /// Whether a forward pass went over one box with these ends.
  package func isOver(lower: [Double], upper: [Double], _ state: RelaxedBatch) -> Bool {
    state.ranges[input].map { $0.lower.elements == lower && $0.upper.elements == upper } ?? false
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

  private func run(
    _ step: Step, _ index: Int, _ state: inout RelaxedBatch, knowing batch: BoxBatch
  ) {
    let operands = operands(of: step, state)
    if case .affine(let affine) = step.kind, affine.keepsElements || affine.map != nil,
      let operand = operands.enumerated().first(where: { place, _ in
        if case .value = step.operands[place] { true } else { false }
      })?.element
    {
      runPlain(affine, on: operand, step, index, &state)
      return
    }
    var results = step.operation.interval(operands)
    if case .affine(let affine) = step.kind, affine.foldedRoundings > 0, coverage == .float {
      results = zip(results, affine.operation.magnitudes(operands)).map {
        $0.widened(terms: affine.foldedRoundings, magnitudes: $1)
      }
    }
    if step.operation is Quantization {
      results[0] = intersection(results[0], of: step.results[0], &state, knowing: batch)
    }
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
          by: share,
          magnitudes: joined(operands.map { $0.magnitudes.elements }, varying, state.count))
        state.links[index] = .planes(planes)
        return
      }
      fallthrough
    case .opaque:
      state.links[index] = .offsets(
        lower: results.map(\.lower.elements), upper: results.map(\.upper.elements))
    }
  }

  /// A map with offsets, or offsets alone: ranges as by the operator's own interval form, in fewer passes and
  /// with a sharper allowance for rounding.
  private func runPlain(
    _ affine: Affine, on operand: IntervalTensor, _ step: Step, _ index: Int,
    _ state: inout RelaxedBatch
  ) {
    var low = operand.lower.elements
    var high = operand.upper.elements
    let errors: [Double]
    if let map = affine.map {
      errors = product(map, affine, on: operand, low: &low, high: &high)
    } else {
      errors = shifted(affine, low: &low, high: &high)
    }
    let offsets = affine.offsets[0]
    var (less, more) = (errors, errors)
    widen(&low, &high, &less, &more, by: errors, around: offsets)
    let shape = batchShape(step.results[0], state.count)
    state.ranges[step.results[0]] = IntervalTensor(
      lower: Tensor(shape: shape, elements: low), upper: Tensor(shape: shape, elements: high))
    state.links[index] = .offsets(lower: [less], upper: [more])
  }

  /// offsets ± errors, and the ends of ranges moved by them, each rounded outwards.
  private func widen(
    _ low: inout [Double], _ high: inout [Double], _ less: inout [Double], _ more: inout [Double],
    by errors: [Double], around offsets: [Double]
  ) {
    guard !offsets.isEmpty else { return }
    precondition(
      [low.count, high.count, less.count, more.count].allSatisfy { $0 == errors.count }
        && errors.count % offsets.count == 0, "an error for each element of whole boxes")
    var low = low.mutableSpan
    var high = high.mutableSpan
    var less = less.mutableSpan
    var more = more.mutableSpan
    let (errors, offsets) = (errors.span, offsets.span)
    for start in stride(from: 0, to: errors.count, by: offsets.count) {
      for column in offsets.indices {
        let i = start &+ column
        let (offset, error) = unsafe (offsets[unchecked: column], errors[unchecked: i])
        let (under, over) = (
          OutwardRounding.below(offset - error), OutwardRounding.above(offset + error)
        )
        unsafe less[unchecked: i] = under
        unsafe more[unchecked: i] = over
        unsafe low[unchecked: i] = OutwardRounding.below(low[unchecked: i] + under)
        unsafe high[unchecked: i] = OutwardRounding.above(high[unchecked: i] + over)
      }
    }
  }

  /// x + c: at most one addition, off by half a unit in the last place of its result.
  private func shifted(_ affine: Affine, low: inout [Double], high: inout [Double]) -> [Double] {
    let unit =
      affine.roundings > 0 && coverage == .float ? OutwardRounding.gamma(affine.roundings) : 0
    let deviation = coverage == .float ? affine.deviation : 0
    var errors = low
    let offset = affine.offsets[0]
    guard !offset.isEmpty else { return errors }
    precondition(
      low.count == high.count && low.count % offset.count == 0, "both ends of whole boxes")
    let offsets = offset.span
    let (lows, highs) = (low.span, high.span)
    var result = errors.mutableSpan
    for start in stride(from: 0, to: lows.count, by: offsets.count) {
      for column in offsets.indices {
        let i = start &+ column
        let c = unsafe offsets[unchecked: column]
        let (low, high) = unsafe (lows[unchecked: i], highs[unchecked: i])
        let reach = greater(abs(low), abs(high))
        let error =
          unit * greater(abs(low + c), abs(high + c)) + deviation * abs(c) * (1 + unit)
          + share * (reach + abs(c))
        unsafe result[unchecked: i] =
          reach + abs(c) < OutwardRounding.overflow ? error : .infinity
      }
    }
    return errors
  }

  /// Without the order that `max` gives to zeros: loops over it take a vector at a time.
  @inline(__always)
  private func greater(_ x: Double, _ y: Double) -> Double { x > y ? x : y }

  /// W·x + c over a batch of boxes; `low` and `high` become the ranges of W·x.
  ///
  /// A `Float` sum of k products in any order is off by at most u for each product and u times a partial sum for
  /// each addition. Terms that are certainly zero add nothing, and where no x is negative a partial sum is at most
  /// the greater of the sums of the positive and of the negative terms.
  /// Source: Higham, "Accuracy and Stability of Numerical Algorithms", 2nd ed., SIAM 2002, section 4.2 (4.3).
  private func product(
    _ map: any LinearMap, _ affine: Affine, on operand: IntervalTensor, low: inout [Double],
    high: inout [Double]
  ) -> [Double] {
    let offsets = affine.offsets[0]
    let count = operand.lower.count / max(map.columns, 1)
    let reach = operand.magnitudes.elements
    // Only an allowance for `Float` asks for the sharper bound on partial sums.
    let isNonnegative = coverage == .float && operand.lower.elements.allSatisfy { $0 >= 0 }
    func applied(_ x: [Double], isMagnitude: Bool) -> [Double] {
      map.applied(to: x, count: count, isMagnitude: isMagnitude, from: [])
    }
    let magnitudes = applied(reach, isMagnitude: true)
    let signed = isNonnegative ? applied(reach, isMagnitude: false) : magnitudes
    let (centre, radius) = operand.centred
    let middle = applied(centre.elements, isMagnitude: false)
    let spread = applied(radius.elements, isMagnitude: true)
    (low, high) = (middle, middle)
    var errors = middle
    let rows = map.rows
    precondition(
      offsets.count == rows
        && [magnitudes.count, signed.count, middle.count, spread.count].allSatisfy {
          $0 == count * rows
        }, "a number for each row of each box")
    let (sums, partialSums) = (magnitudes.span, signed.span)
    let (middles, spreads, constants) = (middle.span, spread.span, offsets.span)
    var lowSpan = low.mutableSpan
    var highSpan = high.mutableSpan
    var errorSpan = errors.mutableSpan
    let folded = affine.foldedRoundings > 0 ? OutwardRounding.gamma(affine.foldedRoundings) : 0
    let unit =
      coverage == .float ? OutwardRounding.unitRoundoff + affine.deviation + folded : 0
    for box in 0..<count {
      let active = reach[box * map.columns..<(box + 1) * map.columns].count { $0 != 0 }
      // Beside the products: the constant, and a factor of it.
      let terms = min(active, map.terms) + 3
      let gamma = coverage == .float ? OutwardRounding.gamma(terms) : 0
      let least = Double(terms) * OutwardRounding.underflow
      let start = box * rows
      for row in constants.indices {
        let i = start &+ row
        let constant = unsafe abs(constants[unchecked: row])
        let (middle, spread) = unsafe (middles[unchecked: i], spreads[unchecked: i])
        unsafe lowSpan[unchecked: i] = middle - spread
        unsafe highSpan[unchecked: i] = middle + spread
        let sum = unsafe sums[unchecked: i]
        let total = sum + constant
        let half = unsafe (sum + abs(partialSums[unchecked: i])) / 2 + constant
        let partial = isNonnegative ? half : total
        let error = (gamma * partial + unit * total) * (1 + 0x1p-16) + least + share * total
        unsafe errorSpan[unchecked: i] = total < OutwardRounding.overflow ? error : .infinity
      }
    }
    return errors
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
    let parts = affine.operation.magnitudes(operands).enumerated().map { output, magnitudes in
      offsets(affine, output, magnitudes.elements)
    }
    return .offsets(lower: parts.map(\.lower), upper: parts.map(\.upper))
  }

  private func offsets(
    _ affine: Affine, _ output: Int, _ magnitudes: [Double]
  ) -> (lower: [Double], upper: [Double]) {
    let offsets = affine.offsets[output]
    // The error of a sum grows in proportion to its magnitude; one more factor covers that magnitudes are
    // computed in `Double` themselves.
    let unit =
      affine.roundings > 0 && coverage == .float
      ? OutwardRounding.gamma(affine.roundings + affine.foldedRoundings + 1) : 0
    let spread = coverage == .float ? affine.deviation * (1 + unit) : 0
    let factor = (unit + spread) * (1 + 0x1p-20) + share
    let least = affine.roundings > 0 ? Double(affine.roundings + 2) * OutwardRounding.underflow : 0
    var (low, high) = (magnitudes, magnitudes)
    var column = 0
    for i in low.indices {
      let error =
        magnitudes[i] < OutwardRounding.overflow ? magnitudes[i] * factor + least : .infinity
      low[i] = (offsets[column] - error).nextDown
      high[i] = (offsets[column] + error).nextUp
      column += 1
      if column == offsets.count { column = 0 }
    }
    return (low, high)
  }

  /// Intersects the range of a value with what is known of it and with its linear bounds.
  private func tighten(
    _ value: Int, in state: inout RelaxedBatch, knowing batch: BoxBatch, by source: RangeSource
  ) {
    guard let whole = state.ranges[value] else { return }
    let range = intersection(whole, of: value, &state, knowing: batch)
    var low = range.lower.elements
    var high = range.upper.elements
    if source != .intervals, isAffordable[value] {
      var selection = RowSelection()
      let width = width(value)
      let readers = readers[value]
      let isReadOpaquely = isReadOpaquely[value]
      let settlesBySign = settlesBySign[value]
      var i = 0
      for box in 0..<state.count {
        for element in 0..<width {
          defer { i += 1 }
          guard low[i] < high[i] else { continue }
          let isSettled =
            settlesBySign
            ? low[i] >= 0 || high[i] <= 0 : readers.allSatisfy { $0.isSettled(low[i], high[i]) }
          guard isReadOpaquely || !isSettled else { continue }
          selection.append(box: box, element: element, sign: 1)
          selection.append(box: box, element: element, sign: -1)
        }
      }
      if !selection.boxes.isEmpty {
        let (bounds, coefficients) = lowerBounds(of: selection, at: value, in: state)
        if tracesInputs {
          state.traces[value] = RelaxedBatch.Trace(
            selection, coefficients, inputs: inputWidth, boxes: state.count)
        }
        for row in stride(from: 0, to: bounds.count, by: 2) {
          let i = selection.boxes[row] * width + selection.elements[row]
          low[i] = source == .lines ? bounds[row] : max(low[i], bounds[row])
          high[i] = source == .lines ? -bounds[row + 1] : min(high[i], -bounds[row + 1])
        }
      }
    }
    state.ranges[value] = checked(low, high, of: value, in: range, &state)
  }

  /// The range of a value and what is known of it.
  private func intersection(
    _ range: IntervalTensor, of value: Int, _ state: inout RelaxedBatch, knowing batch: BoxBatch
  ) -> IntervalTensor {
    guard let anchor = anchors.firstIndex(of: value), anchor < batch.anchorLower.count,
      !batch.anchorLower[anchor].isEmpty
    else { return range }
    var low = range.lower.elements
    var high = range.upper.elements
    let (knownLow, knownHigh) = (batch.anchorLower[anchor], batch.anchorUpper[anchor])
    for i in low.indices {
      low[i] = max(low[i], knownLow[i])
      high[i] = min(high[i], knownHigh[i])
    }
    return checked(low, high, of: value, in: range, &state)
  }

  /// The range between these ends; where they contradict each other the box is empty, and keeps the range it had.
  private func checked(
    _ lower: [Double], _ upper: [Double], of value: Int, in range: IntervalTensor,
    _ state: inout RelaxedBatch
  ) -> IntervalTensor {
    var (low, high) = (lower, upper)
    let width = width(value)
    for i in low.indices where !(low[i] <= high[i]) {
      state.isEmpty[i / width] = true
      (low[i], high[i]) = (range.lower.elements[i], range.upper.elements[i])
    }
    return IntervalTensor(
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
