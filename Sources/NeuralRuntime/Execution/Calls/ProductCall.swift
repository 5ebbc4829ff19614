import CKernels
import TensorCore

/// A product with a constant right matrix, its bias and the activation after it: Gemm, MatMul and what was
/// folded into them.
struct ProductCall: LoweredCall {
  /// Rows of the left matrix for one row of the batch.
  let rows: Int
  let depth: Int
  let columns: Int
  let weights: ConstantBlock
  /// The transposed matrix, for the way back.
  let transposed: ConstantBlock?
  let bias: ConstantBlock?
  let epilogue: KernelEpilogue
  let x: Int
  let y: Int

  func forward(_ memory: CallMemory) {
    let m = memory.rows * rows
    unsafe weights.withAddress { weights in
      unsafe epilogue.withEnds(
        bias == nil ? BARTIZAN_START_ZERO : BARTIZAN_START_COLUMN_BIAS, bias
      ) { ends in
        unsafe memory.kernels.functions.pointee.gemm_packed_right(
          m, columns, depth, memory[x], depth, 1, weights, memory[y], columns, ends)
      }
    }
  }

  func backward(_ memory: CallMemory, _ places: GradientPlaces) {
    guard let target = places.targets[0], let transposed else { return }
    let m = memory.rows * rows
    let cotangent = places.cotangents[0]
    epilogue.pullBack(m * columns, cotangent: cotangent, result: y, memory)
    unsafe transposed.withAddress { weights in
      unsafe KernelEpilogue.none.withEnds(BARTIZAN_START_ZERO, nil) { ends in
        unsafe memory.kernels.functions.pointee.gemm_packed_right(
          m, depth, columns, memory[cotangent], columns, 1, weights, memory[target], depth, ends)
      }
    }
  }
}
