import CKernels
import TensorCore

/// Images whose channels lie side by side, as planes.
struct OrderCall: LoweredCall {
  /// Images and their sizes in one row of the batch.
  let images: Int
  let channels: Int
  let plane: Int
  let x: Int
  let y: Int

  func forward(_ memory: CallMemory) {
    unsafe memory.kernels.functions.pointee.transpose(
      images * memory.rows, plane, channels, memory[x], memory[y])
  }

  func backward(_ memory: CallMemory, _ places: GradientPlaces) {
    guard let target = places.targets[0] else { return }
    unsafe memory.kernels.functions.pointee.transpose(
      images * memory.rows, channels, plane, memory[places.cotangents[0]], memory[target])
  }
}
