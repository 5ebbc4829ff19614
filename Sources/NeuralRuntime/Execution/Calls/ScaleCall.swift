import CKernels
import TensorCore

/// y = (x − mean) · factor + bias by channel: a batch normalisation that no product stands before.
struct ScaleCall: LoweredCall {
  let channels: Int
  /// Elements of one channel of one row.
  let plane: Int
  let mean: ConstantBlock
  let factor: ConstantBlock
  let bias: ConstantBlock
  let x: Int
  let y: Int
  /// Images in one row: 1 where the batch is axis 0.
  let images: Int

  func forward(_ memory: CallMemory) {
    unsafe mean.withAddress { mean in
      unsafe factor.withAddress { factor in
        unsafe bias.withAddress { bias in
          unsafe memory.kernels.functions.pointee.scale_and_shift(
            channels * images * memory.rows, channels, plane, memory[x], mean, factor, bias,
            memory[y])
        }
      }
    }
  }

  func backward(_ memory: CallMemory, _ places: GradientPlaces) {
    guard let target = places.targets[0] else { return }
    unsafe factor.withAddress { factor in
      unsafe memory.kernels.functions.pointee.scale_and_shift(
        channels * images * memory.rows, channels, plane, memory[places.cotangents[0]], nil, factor,
        nil,
        memory[target])
    }
  }
}
