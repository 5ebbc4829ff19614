import TensorCore

/// Operators that move elements about: those that keep the order share memory, the others become tables.
extension Lowering {
  /// Reshape, Flatten, Squeeze, Unsqueeze, Identity, Dropout.
  fileprivate mutating func addAlias(_ step: NetworkPlan.Step) -> Bool {
    guard step.results.count == 1, let x = buffer(step.operands[0]) else { return false }
    alias(step.results[0], to: x)
    return true
  }

  /// - Parameter sources: For each result and each of its elements in one row the element it is, in the
  ///   operands' rows laid end to end; −1 for the filler.
  fileprivate mutating func addTable(
    _ step: NetworkPlan.Step, sources: [[Int]], filler: Double
  ) -> Bool {
    let counts = step.operands.map { shape($0).reduce(1, *) }
    var starts: [Int] = []
    var total = 0
    for count in counts {
      starts.append(total)
      total += count
    }
    // A table of single elements takes more room than what it moves.
    guard sources.reduce(0, { $0 + $1.count }) <= 1 << 22, starts.count <= 64 else { return false }
    let runs = sources.map { Self.runs($0, starts) }
    guard runs.reduce(0, { $0 + $1.count }) <= 1 << 20 else { return false }
    let call = RearrangementCall(
      runs: runs, operands: step.operands.map(operand),
      operandCounts: zip(step.operands, counts).map { buffer($0) == nil ? 0 : $1 },
      results: step.results, resultCounts: step.results.map { shape($0).reduce(1, *) },
      filler: filler)
    add(call, for: step, kept: [])
    return true
  }

  private static func runs(_ sources: [Int], _ starts: [Int]) -> [RearrangementCall.Run] {
    var runs: [RearrangementCall.Run] = []
    for (place, source) in sources.enumerated() {
      let operand = source < 0 ? -1 : (starts.lastIndex { $0 <= source } ?? 0)
      let inside = source < 0 ? 0 : source - starts[operand]
      if let last = runs.last, last.operand == operand,
        operand < 0 || last.source + last.count == inside
      {
        runs[runs.count - 1].count += 1
      } else {
        runs.append(
          RearrangementCall.Run(result: place, operand: operand, source: inside, count: 1))
      }
    }
    return runs
  }
}

extension Reshaping: LowerableOperator {
  func lower(_ step: NetworkPlan.Step, at index: Int, in lowering: inout Lowering) -> Bool {
    lowering.addAlias(step)
  }
}

extension Passing: LowerableOperator {
  func lower(_ step: NetworkPlan.Step, at index: Int, in lowering: inout Lowering) -> Bool {
    lowering.addAlias(step)
  }
}

extension RowRearrangement: LowerableOperator {
  func lower(_ step: NetworkPlan.Step, at index: Int, in lowering: inout Lowering) -> Bool {
    lowering.addTable(step, sources: sources, filler: fill)
  }
}

extension Transposition: LowerableOperator {
  func lower(_ step: NetworkPlan.Step, at index: Int, in lowering: inout Lowering) -> Bool {
    guard let x = lowering.buffer(step.operands[0]) else { return false }
    guard let matrices = matrices(lowering.shape(step.operands[0])) else {
      return lowering.addTable(self, step)
    }
    lowering.add(
      OrderCall(
        images: matrices.count, channels: matrices.columns, plane: matrices.rows, x: x,
        y: step.results[0]),
      for: step, kept: [])
    return true
  }

  /// The matrices that a permutation transposes, if it is no more than that.
  private func matrices(_ shape: [Int]) -> (count: Int, rows: Int, columns: Int)? {
    let long = permutation(rank: shape.count).filter { shape[$0] != 1 }
    let kept = zip(long, long.sorted()).prefix { $0 == $1 }.count
    let rest = long.dropFirst(kept)
    // The later axes come first, each group in its own order.
    guard let first = rest.first,
      let cut = rest.indices.dropFirst().first(where: { rest[$0] < rest[$0 - 1] }),
      rest[..<cut].elementsEqual(rest[..<cut].sorted()),
      rest[cut...].elementsEqual(rest[cut...].sorted()), let last = rest.last, last < first
    else { return nil }
    func count(_ axes: some Sequence<Int>) -> Int { axes.reduce(1) { $0 * shape[$1] } }
    return (count(long.prefix(kept)), count(rest[cut...]), count(rest[..<cut]))
  }
}

extension Lowering {
  /// Any other family of them, from its own map.
  mutating func addTable(
    _ operation: some RearrangingOperator, _ step: NetworkPlan.Step
  ) -> Bool {
    let elements = step.results.reduce(0) { $0 + shape($1).reduce(1, *) }
    guard elements <= 1 << 22 else { return false }
    let sources = operation.sources(
      for: step.operands.map(shape), outputs: step.results.map(shape))
    return addTable(step, sources: sources, filler: operation.fill?.reals.first ?? 0)
  }
}
