import CKernels
import TensorCore

/// Sigmoid, Tanh, Exp or Erf of every element.
struct FunctionCall: LoweredCall {
  enum Function: Int32, Sendable {
    case exp, tanh, sigmoid, erf
  }

  let function: Function
  /// Elements of one row.
  let count: Int
  let x: Int
  let y: Int

  func forward(_ memory: CallMemory) {
    unsafe memory.kernels.functions.pointee.function(
      function.rawValue, count * memory.rows, memory[x], memory[y])
  }

  func backward(_ memory: CallMemory, _ places: GradientPlaces) {
    guard let target = places.targets[0] else { return }
    memory.kernels.isDouble
      ? pullBack(Double.self, memory, places.cotangents[0], target)
      : pullBack(Float.self, memory, places.cotangents[0], target)
  }

  @specialized(where S == Float)
  @specialized(where S == Double)
  private func pullBack<S: KernelScalar>(
    _: S.Type, _ memory: CallMemory, _ cotangent: Int, _ target: Int
  ) {
    let count = count * memory.rows
    let x = unsafe memory[x].assumingMemoryBound(to: S.self)
    let y = unsafe memory[y].assumingMemoryBound(to: S.self)
    let g = unsafe memory[cotangent].assumingMemoryBound(to: S.self)
    let result = unsafe memory[target].assumingMemoryBound(to: S.self)
    switch function {
    case .exp: for i in 0..<count { unsafe result[i] = g[i] * y[i] }
    case .tanh: for i in 0..<count { unsafe result[i] = g[i] * (1 - y[i] * y[i]) }
    case .sigmoid: for i in 0..<count { unsafe result[i] = g[i] * (y[i] * (1 - y[i])) }
    case .erf:
      for i in 0..<count {
        let place = unsafe x[i].real
        unsafe result[i] =
          g[i] * S.rounding(1.1283791670955126 * PortableMath.exp(-place * place))
      }
    }
  }
}
