import CKernels
import TensorCore

/// Relu, Clip or LeakyRelu by itself.
struct ActivationCall: LoweredCall {
  let epilogue: KernelEpilogue
  /// Elements of one row.
  let count: Int
  let x: Int
  let y: Int

  func forward(_ memory: CallMemory) {
    unsafe memory.kernels.functions.pointee.activation(
      epilogue.code, epilogue.low, epilogue.high, count * memory.rows, memory[x], memory[y])
  }

  func backward(_ memory: CallMemory, _ places: GradientPlaces) {
    guard let target = places.targets[0] else { return }
    unsafe memory.kernels.functions.pointee.activation_gradient(
      epilogue.code, epilogue.low, epilogue.high, count * memory.rows, memory[x],
      memory[places.cotangents[0]], memory[target])
  }
}
