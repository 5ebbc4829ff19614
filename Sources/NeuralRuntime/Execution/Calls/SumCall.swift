import TensorCore

/// Sums or means of many elements along some axes: ReduceSum and ReduceMean.
struct SumCall: LoweredCall {
  /// The place of the first element of each group in one row, and the offsets of all its elements.
  let starts: [Int]
  let offsets: [Int]
  let isMean: Bool
  /// Elements of the operand in one row.
  let count: Int
  let x: Int
  let y: Int

  func forward(_ memory: CallMemory) {
    memory.kernels.isDouble ? add(Double.self, memory) : add(Float.self, memory)
  }

  /// Each sum runs over its elements in order; the sums of a row run side by side.
  @specialized(where S == Float)
  @specialized(where S == Double)
  private func add<S: KernelScalar>(_: S.Type, _ memory: CallMemory) {
    memory.clear(starts.count * memory.rows, at: y)
    let divisor = S(offsets.count)
    for row in 0..<memory.rows {
      let source = unsafe memory[x].assumingMemoryBound(to: S.self) + row * count
      let sums = unsafe memory[y].assumingMemoryBound(to: S.self) + row * starts.count
      for offset in offsets {
        for group in starts.indices { unsafe sums[group] += source[starts[group] + offset] }
      }
      guard isMean else { continue }
      for group in starts.indices { unsafe sums[group] /= divisor }
    }
  }

  func backward(_ memory: CallMemory, _ places: GradientPlaces) {
    guard let target = places.targets[0] else { return }
    memory.kernels.isDouble
      ? share(Double.self, memory, places.cotangents[0], target)
      : share(Float.self, memory, places.cotangents[0], target)
  }

  /// Every element belongs to one group.
  @specialized(where S == Float)
  @specialized(where S == Double)
  private func share<S: KernelScalar>(
    _: S.Type, _ memory: CallMemory, _ cotangent: Int, _ target: Int
  ) {
    let slope: S = isMean ? 1 / S(offsets.count) : 1
    for row in 0..<memory.rows {
      let g = unsafe memory[cotangent].assumingMemoryBound(to: S.self) + row * starts.count
      let gradient = unsafe memory[target].assumingMemoryBound(to: S.self) + row * count
      for offset in offsets {
        for group in starts.indices { unsafe gradient[starts[group] + offset] = g[group] * slope }
      }
    }
  }
}
