import CKernels
import TensorCore

/// A convolution over one or two axes with constant weights, its bias and the activation after it.
struct ConvolutionCall: LoweredCall {
  /// For one row of the batch.
  let shape: bartizan_convolution
  let weights: ConstantBlock
  /// The weights as the gradient to the image reads them.
  let transposed: ConstantBlock?
  let bias: ConstantBlock?
  let epilogue: KernelEpilogue
  let x: Int
  let y: Int

  private func shape(rows: Int) -> bartizan_convolution {
    var result = shape
    result.batch *= rows
    return result
  }

  private var outputCount: Int {
    shape.batch * shape.groups * shape.outputs * shape.window.output_height
      * shape.window.output_width
  }

  func scratchCount(rows: Int, _ kernels: KernelTable) -> Int {
    var shape = shape(rows: rows)
    let forward = unsafe kernels.functions.pointee.convolution_scratch_count(&shape)
    guard transposed != nil else { return Int(forward) }
    return max(
      Int(forward),
      Int(unsafe kernels.functions.pointee.convolution_image_gradient_scratch_count(&shape)))
  }

  func forward(_ memory: CallMemory) {
    var shape = shape(rows: memory.rows)
    unsafe weights.withAddress { weights in
      unsafe epilogue.withEnds(
        bias == nil ? BARTIZAN_START_ZERO : BARTIZAN_START_ROW_BIAS, bias
      ) { ends in
        unsafe memory.kernels.functions.pointee.convolution(
          &shape, memory[x], weights, memory[y], ends, memory.scratch)
      }
    }
  }

  func backward(_ memory: CallMemory, _ places: GradientPlaces) {
    guard let target = places.targets[0], let transposed else { return }
    var shape = shape(rows: memory.rows)
    let cotangent = places.cotangents[0]
    epilogue.pullBack(memory.rows * outputCount, cotangent: cotangent, result: y, memory)
    unsafe transposed.withAddress { weights in
      unsafe memory.kernels.functions.pointee.convolution_image_gradient(
        &shape, memory[cotangent], weights, memory[target], memory.scratch)
    }
  }
}
