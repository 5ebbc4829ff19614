import TensorCore

/// Elements in other places: Transpose, Concat, Slice, Pad, Split and their like, as tables made while planning.
struct RearrangementCall: LoweredCall {
  /// Elements that lie side by side in a result and in an operand; an operand of −1 is the filler.
  struct Run: Sendable {
    var result: Int
    var operand: Int
    var source: Int
    var count: Int
  }

  /// For each result the runs of one row.
  let runs: [[Run]]
  let operands: [CallOperand]
  /// Elements of one row; 0 for a constant.
  let operandCounts: [Int]
  let results: [Int]
  let resultCounts: [Int]
  let filler: Double

  func forward(_ memory: CallMemory) {
    memory.kernels.isDouble ? move(Double.self, memory) : move(Float.self, memory)
  }

  @specialized(where S == Float)
  @specialized(where S == Double)
  private func move<S: KernelScalar>(_: S.Type, _ memory: CallMemory) {
    let filler = S.rounding(filler)
    for (index, result) in results.enumerated() {
      for row in 0..<memory.rows {
        let target =
          unsafe memory[result].assumingMemoryBound(to: S.self)
          + row * resultCounts[index]
        for run in runs[index] {
          guard run.operand >= 0 else {
            for i in 0..<run.count { unsafe target[run.result + i] = filler }
            continue
          }
          unsafe operands[run.operand].withAddress(in: memory) { address in
            let source =
              unsafe address.assumingMemoryBound(to: S.self)
              + row * operandCounts[run.operand] + run.source
            guard run.count > 1 else {
              unsafe target[run.result] = source[0]
              return
            }
            unsafe (target + run.result).update(from: source, count: run.count)
          }
        }
      }
    }
  }

  func backward(_ memory: CallMemory, _ places: GradientPlaces) {
    memory.kernels.isDouble
      ? gather(Double.self, memory, places) : gather(Float.self, memory, places)
  }

  /// Adds each cotangent to the element it was taken from, in the order of the results.
  @specialized(where S == Float)
  @specialized(where S == Double)
  private func gather<S: KernelScalar>(
    _: S.Type, _ memory: CallMemory, _ places: GradientPlaces
  ) {
    for (operand, target) in places.targets.enumerated() {
      if let target { memory.clear(operandCounts[operand] * memory.rows, at: target) }
    }
    for (index, cotangent) in places.cotangents.enumerated() {
      for row in 0..<memory.rows {
        let g =
          unsafe memory[cotangent].assumingMemoryBound(to: S.self)
          + row * resultCounts[index]
        for run in runs[index] where run.operand >= 0 {
          guard let target = places.targets[run.operand] else { continue }
          let sum =
            unsafe memory[target].assumingMemoryBound(to: S.self)
            + row * operandCounts[run.operand] + run.source
          for i in 0..<run.count { unsafe sum[i] += g[run.result + i] }
        }
      }
    }
  }
}
