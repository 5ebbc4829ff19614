import CKernels
import TensorCore

/// Softmax of groups whose elements lie side by side.
struct SoftmaxCall: LoweredCall {
  /// Groups in one row, and elements in a group.
  let groups: Int
  let length: Int
  let x: Int
  let y: Int

  /// The kernel works in doubles.
  func scratchCount(rows: Int, _ kernels: KernelTable) -> Int {
    length * MemoryLayout<Double>.stride / kernels.stride
  }

  func forward(_ memory: CallMemory) {
    unsafe memory.kernels.functions.pointee.softmax(
      groups * memory.rows, length, memory[x], memory[y],
      memory.scratch.assumingMemoryBound(to: Double.self))
  }

  func backward(_ memory: CallMemory, _ places: GradientPlaces) {
    guard let target = places.targets[0] else { return }
    memory.kernels.isDouble
      ? pullBack(Double.self, memory, places.cotangents[0], target)
      : pullBack(Float.self, memory, places.cotangents[0], target)
  }

  /// yᵢ (gᵢ − Σ gⱼ yⱼ), the sum in ascending order in `Double`.
  @specialized(where S == Float)
  @specialized(where S == Double)
  private func pullBack<S: KernelScalar>(
    _: S.Type, _ memory: CallMemory, _ cotangent: Int, _ target: Int
  ) {
    let y = unsafe memory[y].assumingMemoryBound(to: S.self)
    let g = unsafe memory[cotangent].assumingMemoryBound(to: S.self)
    let result = unsafe memory[target].assumingMemoryBound(to: S.self)
    for start in stride(from: 0, to: groups * memory.rows * length, by: length) {
      var mean = 0.0
      for i in start..<start + length { mean += unsafe Double(g[i]) * Double(y[i]) }
      for i in start..<start + length {
        unsafe result[i] = S.rounding(Double(y[i]) * (Double(g[i]) - mean))
      }
    }
  }
}
