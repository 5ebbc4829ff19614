package import TensorCore

/// Bounds of a recurrent layer: its steps unrolled over ranges of inputs, states and gates. Linear bounds take part
/// with the steps of `NetworkPlan.unrolled`.
extension RecurrentLayer: RelaxableOperator {
  package func interval(_ operands: [IntervalTensor]) -> [IntervalTensor] {
    guard let size = try? sizes(operands.map(\.shape)) else {
      preconditionFailure("shapes were checked when the network was planned")
    }
    let x = turned(operands[0], [1, 0, 2])
    let (d, b, h) = (size.directions, size.batch, size.hidden)
    var all = [Ranges.Range](repeating: (0, 0), count: size.steps * d * b * h)
    var lastHidden: [Ranges.Range] = []
    var lastMemory: [Ranges.Range] = []
    for direction in directions.indices {
      let ranges = RecurrentRanges(
        cell: cell, direction: direction, size: size,
        operands: operands.enumerated().map { index, operand in
          let tensor = (4...5).contains(index) ? turned(operand, [1, 0, 2]) : operand
          return index == 0 ? x : tensor.rows(direction..<direction + 1)
        })
      for sample in 0..<b {
        var (hidden, memory) = ranges.start(sample)
        let length = lengths?[sample] ?? size.steps
        for step in 0..<length {
          let time = directions[direction] ? length - 1 - step : step
          ranges.step(&hidden, &memory, input: (time * b + sample) * size.inputs)
          let place = ((time * d + direction) * b + sample) * h
          for i in 0..<h { all[place + i] = hidden[i] }
        }
        lastHidden += hidden
        lastMemory += memory
      }
    }
    var results = [
      turned(IntervalTensor(shape: [size.steps, d, b, h], all), [2, 0, 1, 3]),
      turned(IntervalTensor(shape: [d, b, h], lastHidden), [1, 0, 2]),
    ]
    if cell.hasMemory {
      results.append(turned(IntervalTensor(shape: [d, b, h], lastMemory), [1, 0, 2]))
    }
    return results
  }

  private func turned(_ tensor: IntervalTensor, _ permutation: [Int]) -> IntervalTensor {
    IntervalTensor(
      lower: turned(tensor.lower, permutation), upper: turned(tensor.upper, permutation))
  }
}

extension IntervalTensor {
  fileprivate func rows(_ range: Range<Int>) -> IntervalTensor {
    IntervalTensor(lower: lower.rows(range), upper: upper.rows(range))
  }
}
