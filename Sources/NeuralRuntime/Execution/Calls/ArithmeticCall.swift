import CKernels
import TensorCore

/// Add, Sub, Mul, Div, Max or Min of two operands under broadcasting, run by run.
struct ArithmeticCall: LoweredCall {
  enum Function: Int32, Sendable {
    case add, subtract, multiply, divide, maximum, minimum
  }

  /// Elements that lie side by side in the result and, with a step of 0 or 1, in the operands.
  struct Run: Sendable {
    var result: Int
    var left: Int
    var right: Int
  }

  let function: Function
  let runs: [Run]
  let length: Int
  let leftStep: Int
  let rightStep: Int
  let left: CallOperand
  let right: CallOperand
  /// Elements of one row; 0 for a constant.
  let leftCount: Int
  let rightCount: Int
  let resultCount: Int
  let y: Int

  /// Whether the rows of a block lie as one run.
  private var isFlat: Bool {
    runs.count == 1 && (left.isBuffer ? leftStep == 1 : leftStep == 0)
      && (right.isBuffer ? rightStep == 1 : rightStep == 0)
  }

  func forward(_ memory: CallMemory) {
    unsafe left.withAddress(in: memory) { left in
      unsafe right.withAddress(in: memory) { right in
        unsafe apply(memory, left, right, memory[y])
      }
    }
  }

  private func apply(
    _ memory: CallMemory, _ left: UnsafeRawPointer, _ right: UnsafeRawPointer,
    _ result: UnsafeMutableRawPointer
  ) {
    let binary = unsafe memory.kernels.functions.pointee.binary
    guard !isFlat else {
      unsafe binary(
        function.rawValue, length * memory.rows, left, leftStep, right, rightStep, result)
      return
    }
    for row in 0..<memory.rows {
      for run in runs {
        unsafe binary(
          function.rawValue, length,
          left + (row * leftCount + run.left) * memory.stride, leftStep,
          right + (row * rightCount + run.right) * memory.stride, rightStep,
          result + (row * resultCount + run.result) * memory.stride)
      }
    }
  }

  /// For operands that are variable without being broadcast: the planner sees to it.
  func backward(_ memory: CallMemory, _ places: GradientPlaces) {
    let cotangent = places.cotangents[0]
    if let target = places.targets[0] {
      switch function {
      case .multiply, .divide:
        unsafe right.withAddress(in: memory) { right in
          unsafe scaled(memory, memory[cotangent], right, memory[target], isLeft: true)
        }
      default: memory.copy(resultCount * memory.rows, from: cotangent, to: target)
      }
    }
    if let target = places.targets[1] {
      switch function {
      case .multiply:
        unsafe left.withAddress(in: memory) { left in
          unsafe scaled(memory, memory[cotangent], left, memory[target], isLeft: false)
        }
      case .subtract:
        memory.clear(resultCount * memory.rows, at: target)
        unsafe memory.kernels.functions.pointee.binary(
          Int32(BARTIZAN_SUBTRACT), resultCount * memory.rows, memory[target], 1,
          memory[cotangent], 1, memory[target])
      default: memory.copy(resultCount * memory.rows, from: cotangent, to: target)
      }
    }
  }

  /// The cotangent times the other operand, or by it where that is a divisor.
  private func scaled(
    _ memory: CallMemory, _ cotangent: UnsafeMutableRawPointer, _ other: UnsafeRawPointer,
    _ target: UnsafeMutableRawPointer, isLeft: Bool
  ) {
    let code = function == .divide ? function.rawValue : Function.multiply.rawValue
    let step = isLeft ? rightStep : leftStep
    let count = isLeft ? rightCount : leftCount
    for row in 0..<(isFlat ? 1 : memory.rows) {
      for run in runs {
        let place = (row * resultCount + run.result) * memory.stride
        let source = (row * count + (isLeft ? run.right : run.left)) * memory.stride
        unsafe memory.kernels.functions.pointee.binary(
          code, isFlat ? length * memory.rows : length, cotangent + place, 1, other + source,
          step, target + place)
      }
    }
  }
}
