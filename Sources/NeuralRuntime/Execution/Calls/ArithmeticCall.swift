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

  func backward(_ memory: CallMemory, _ places: GradientPlaces) {
    let cotangent = places.cotangents[0]
    if let target = places.targets[0] {
      switch function {
      case _ where leftCount < resultCount: addUp(memory, cotangent, target, isLeft: true)
      case .multiply, .divide:
        unsafe right.withAddress(in: memory) { right in
          unsafe scaled(memory, memory[cotangent], right, memory[target], isLeft: true)
        }
      default: memory.copy(resultCount * memory.rows, from: cotangent, to: target)
      }
    }
    if let target = places.targets[1] {
      switch function {
      case _ where rightCount < resultCount || function == .divide:
        addUp(memory, cotangent, target, isLeft: false)
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

  /// The gradient of an operand whose elements are read more than once, or of a divisor: what each element of the result
  /// adds, in the order of those elements, as the operator itself does.
  private func addUp(_ memory: CallMemory, _ cotangent: Int, _ target: Int, isLeft: Bool) {
    memory.clear((isLeft ? leftCount : rightCount) * memory.rows, at: target)
    unsafe left.withAddress(in: memory) { left in
      unsafe right.withAddress(in: memory) { right in
        if memory.kernels.isDouble {
          unsafe addUp(Double.self, memory, cotangent, target, left, right, isLeft: isLeft)
        } else {
          unsafe addUp(Float.self, memory, cotangent, target, left, right, isLeft: isLeft)
        }
      }
    }
  }

  @specialized(where S == Float)
  @specialized(where S == Double)
  private func addUp<S: KernelScalar>(
    _: S.Type, _ memory: CallMemory, _ cotangent: Int, _ target: Int, _ left: UnsafeRawPointer,
    _ right: UnsafeRawPointer, isLeft: Bool
  ) {
    let (left, right) = unsafe (
      left.assumingMemoryBound(to: S.self), right.assumingMemoryBound(to: S.self)
    )
    let g = unsafe memory[cotangent].assumingMemoryBound(to: S.self)
    let sums = unsafe memory[target].assumingMemoryBound(to: S.self)
    for row in 0..<memory.rows {
      for run in runs {
        var a = row * leftCount + run.left
        var b = row * rightCount + run.right
        let first = row * resultCount + run.result
        for place in first..<first + length {
          let share = unsafe g[place]
          switch function {
          case .multiply where isLeft: unsafe sums[a] += share * right[b]
          case .divide where isLeft: unsafe sums[a] += share / right[b]
          case _ where isLeft: unsafe sums[a] += share
          case .multiply: unsafe sums[b] += share * left[a]
          case .divide: unsafe sums[b] -= share * left[a] / (right[b] * right[b])
          case .subtract: unsafe sums[b] -= share
          default: unsafe sums[b] += share
          }
          a += leftStep
          b += rightStep
        }
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
