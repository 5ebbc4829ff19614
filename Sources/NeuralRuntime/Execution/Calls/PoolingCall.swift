import CKernels
import TensorCore

/// The greatest or the average element under windows of one or two axes.
struct PoolingCall: LoweredCall {
  enum Rule: Sendable {
    case maximum
    /// How many elements a window counts along each axis.
    case average(rows: [Int], columns: [Int])
  }

  let rule: Rule
  let window: bartizan_window
  /// Planes of one row of the batch.
  let planes: Int
  /// How many planes are channels that lie side by side; 1 for all but the maximum.
  let together: Int
  let x: Int
  let y: Int

  func forward(_ memory: CallMemory) {
    var window = window
    let planes = planes * memory.rows
    switch rule {
    case .maximum:
      unsafe memory.kernels.functions.pointee.maximum_pool(
        &window, planes, together, memory[x], memory[y])
    case .average(let rows, let columns):
      unsafe rows.withUnsafeBufferPointer { rows in
        unsafe columns.withUnsafeBufferPointer { columns in
          guard let rows = rows.baseAddress, let columns = columns.baseAddress else { return }
          unsafe memory.kernels.functions.pointee.average_pool(
            &window, planes, rows, columns, memory[x], memory[y])
        }
      }
    }
  }

  func backward(_ memory: CallMemory, _ places: GradientPlaces) {
    guard let target = places.targets[0] else { return }
    var window = window
    let planes = planes * memory.rows
    let cotangent = unsafe memory[places.cotangents[0]]
    switch rule {
    case .maximum:
      unsafe memory.kernels.functions.pointee.maximum_pool_gradient(
        &window, planes, together, memory[x], cotangent, memory[target])
    case .average(let rows, let columns):
      unsafe rows.withUnsafeBufferPointer { rows in
        unsafe columns.withUnsafeBufferPointer { columns in
          guard let rows = rows.baseAddress, let columns = columns.baseAddress else { return }
          unsafe memory.kernels.functions.pointee.average_pool_gradient(
            &window, planes, rows, columns, cotangent, memory[target])
        }
      }
    }
  }
}
