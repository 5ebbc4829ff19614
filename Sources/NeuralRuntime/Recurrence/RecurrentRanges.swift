import TensorCore

/// One direction of a recurrent layer over ranges: what a step makes of the ranges of input and state.
struct RecurrentRanges {
  let cell: any RecurrentCell
  let direction: Int
  let size: RecurrentLayer.Sizes
  /// X whole, the others of this direction: W, R, B, the states and the peepholes; those left out are zeros.
  let operands: [IntervalTensor]

  private typealias Range = Ranges.Range

  /// The states before the first step of a sample.
  func start(_ sample: Int) -> (hidden: [Ranges.Range], memory: [Ranges.Range]) {
    func state(_ index: Int) -> [Ranges.Range] {
      (0..<size.hidden).map {
        index < operands.count ? operands[index][sample * size.hidden + $0] : (0, 0)
      }
    }
    return (state(4), state(5))
  }

  private func bias(_ row: Int) -> Range { operands.count > 3 ? operands[3][row] : (0, 0) }

  /// Σ weights · values + addends, with room for any order of additions in `Float`.
  private func sum(
    _ parts: [(weights: IntervalTensor, start: Int, values: (Int) -> Range, count: Int)],
    _ addends: [Range]
  ) -> Range {
    var total: Range = (0, 0)
    var magnitude = 0.0
    var terms = addends.count
    for addend in addends {
      total = Ranges.sum(total, addend)
      magnitude += Ranges.magnitude(addend).high
    }
    for part in parts {
      terms += part.count
      for k in 0..<part.count {
        let product = Ranges.product(part.weights[part.start + k], part.values(k))
        total = Ranges.sum(total, product)
        magnitude += Ranges.magnitude(product).high
      }
    }
    let error = OutwardRounding.error(ofSum: terms + 1, magnitude: magnitude)
    return (total.low - error, total.high + error)
  }

  func step(_ hidden: inout [Ranges.Range], _ memory: inout [Ranges.Range], input: Int) {
    let (n, wide) = (size.hidden, size.gates * size.hidden)
    let old = hidden
    let x = operands[0]
    func fromInput(_ row: Int) -> (IntervalTensor, Int, (Int) -> Range, Int) {
      (operands[1], row * size.inputs, { x[input + $0] }, size.inputs)
    }
    func fromState(_ row: Int, _ state: @escaping (Int) -> Range) -> (
      IntervalTensor, Int, (Int) -> Range, Int
    ) { (operands[2], row * n, state, n) }
    func gate(_ index: Int, _ i: Int) -> Range {
      let row = index * n + i
      return sum([fromInput(row), fromState(row) { old[$0] }], [bias(row), bias(wide + row)])
    }
    switch cell {
    case let cell as LongShortTermCell:
      let previous = memory
      for i in 0..<n {
        let sums = (0..<4).map { gate($0, i) }
        (hidden[i], memory[i]) = unit(cell, sums, previous[i], i)
      }
    case let cell as GatedCell:
      let resets = (0..<n).map { cell.functions.bounds(0, direction, gate(1, $0)) }
      for i in 0..<n {
        let row = 2 * n + i
        let inner: Range
        if cell.resetsAfter {
          let separate = sum([fromState(row) { old[$0] }], [bias(wide + row)])
          inner = sum([fromInput(row)], [bias(row), rounded(Ranges.product(resets[i], separate))])
        } else {
          inner = sum(
            [fromInput(row), fromState(row) { rounded(Ranges.product(resets[$0], old[$0])) }],
            [bias(row), bias(wide + row)])
        }
        hidden[i] = Ranges.mixture(
          cell.functions.bounds(0, direction, gate(0, i)),
          cell.functions.bounds(1, direction, inner), old[i])
      }
    case let cell as PlainCell:
      for i in 0..<n { hidden[i] = cell.functions.bounds(0, direction, gate(0, i)) }
    default: preconditionFailure("there are three kinds of cell")
    }
  }

  private func rounded(_ range: Range) -> Range {
    OutwardRounding.widened(range.low, range.high, ulps: 4)
  }

  private func unit(
    _ cell: LongShortTermCell, _ sums: [Range], _ old: Range, _ i: Int
  ) -> (hidden: Range, memory: Range) {
    func peeped(_ gate: Int, _ memory: Range) -> Range {
      guard operands.count > 6 else { return sums[gate] }
      let product = Ranges.product(operands[6][gate * size.hidden + i], memory)
      let total = Ranges.sum(sums[gate], product)
      let error = OutwardRounding.error(
        ofSum: 4, magnitude: Ranges.magnitude(product).high + Ranges.magnitude(sums[gate]).high)
      return (total.low - error, total.high + error)
    }
    let input = cell.functions.bounds(0, direction, peeped(0, old))
    let forget =
      cell.tiesGates
      ? rounded((1 - input.high, 1 - input.low))
      : cell.functions.bounds(0, direction, peeped(2, old))
    let candidate = cell.functions.bounds(1, direction, sums[3])
    let (kept, added) = (Ranges.product(forget, old), Ranges.product(input, candidate))
    let total = Ranges.sum(kept, added)
    let error = OutwardRounding.error(
      ofSum: 3, magnitude: Ranges.magnitude(kept).high + Ranges.magnitude(added).high)
    let memory: Range = (total.low - error, total.high + error)
    let output = cell.functions.bounds(0, direction, peeped(1, memory))
    return (
      rounded(Ranges.product(output, cell.functions.plainBounds(2, direction, memory))), memory
    )
  }
}
