import EngineSupport
import TensorCore

/// An operator that has no kernel: it runs as the operator itself, on copies.
struct OperatorCall: LoweredCall {
  enum Operand: Sendable {
    /// A buffer with the shape of one row.
    case buffer(Int, shape: [Int])
    case constant(DualTensor)
  }

  let operation: any RealOperator
  let operands: [Operand]
  let results: [Int]
  let resultShapes: [[Int]]
  /// Whether axis 0 of every buffer counts the rows of a block.
  let isRowwise: Bool
  let path: KernelPath

  func forward(_ memory: CallMemory) {
    memory.kernels.isDouble ? run(Double.self, memory) : run(Float.self, memory)
  }

  func backward(_ memory: CallMemory, _ places: GradientPlaces) {
    memory.kernels.isDouble
      ? pullBack(Double.self, memory, places) : pullBack(Float.self, memory, places)
  }

  private func run<S: KernelScalar>(_: S.Type, _ memory: CallMemory) {
    let outputs = operation.forward(tensors(S.self, memory), by: path)
    for (buffer, output) in zip(results, outputs) { write(output, to: buffer, memory) }
  }

  private func pullBack<S: KernelScalar>(
    _: S.Type, _ memory: CallMemory, _ places: GradientPlaces
  ) {
    guard let operation = operation as? any DifferentiableOperator else { return }
    let outputs = zip(results, resultShapes).map { tensor(S.self, $0, $1, memory) }
    let cotangents = zip(places.cotangents, resultShapes).map { tensor(S.self, $0, $1, memory) }
    let record = OperatorRecord(
      operands: tensors(S.self, memory), outputs: outputs,
      needsGradient: places.targets.map { $0 != nil })
    let gradients = operation.vjp(cotangents, at: record, by: path)
    for ((target, gradient), operand) in zip(zip(places.targets, gradients), operands) {
      guard let target, case .buffer(_, let shape) = operand else { continue }
      if let gradient {
        write(gradient, to: target, memory)
      } else {
        memory.clear(shape.reduce(1, *) * memory.rows, at: target)
      }
    }
  }

  private func tensors<S: KernelScalar>(_: S.Type, _ memory: CallMemory) -> [Tensor<S>] {
    operands.map { operand in
      switch operand {
      case .constant(let constant): S.values(of: constant)
      case .buffer(let buffer, let shape): tensor(S.self, buffer, shape, memory)
      }
    }
  }

  private func tensor<S: KernelScalar>(
    _: S.Type, _ buffer: Int, _ shape: [Int], _ memory: CallMemory
  ) -> Tensor<S> {
    let whole = isRowwise ? [memory.rows] + shape.dropFirst() : shape
    let count = whole.reduce(1, *)
    let elements = unsafe UnsafeBufferPointer(
      start: memory[buffer].assumingMemoryBound(to: S.self), count: count)
    return unsafe Tensor(shape: whole, elements: Array(elements))
  }

  private func write<S: KernelScalar>(
    _ tensor: Tensor<S>, to buffer: Int, _ memory: CallMemory
  ) {
    unsafe tensor.elements.withUnsafeBytes { bytes in
      if let base = bytes.baseAddress {
        unsafe memory[buffer].copyMemory(from: base, byteCount: bytes.count)
      }
    }
  }
}
