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
  /// Whether axis 0 of every buffer counts the rows of a block, so that the operator takes them together.
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
    for block in blocks(memory) {
      let outputs = operation.forward(tensors(S.self, memory, block), by: path)
      for ((buffer, shape), output) in zip(zip(results, resultShapes), outputs) {
        write(output, to: buffer, shape, memory, block)
      }
    }
  }

  private func pullBack<S: KernelScalar>(
    _: S.Type, _ memory: CallMemory, _ places: GradientPlaces
  ) {
    guard let operation = operation as? any DifferentiableOperator else { return }
    for block in blocks(memory) {
      let outputs = zip(results, resultShapes).map { tensor(S.self, $0, $1, memory, block) }
      let cotangents = zip(places.cotangents, resultShapes).map {
        tensor(S.self, $0, $1, memory, block)
      }
      let record = OperatorRecord(
        operands: tensors(S.self, memory, block), outputs: outputs,
        needsGradient: places.targets.map { $0 != nil })
      let gradients = operation.vjp(cotangents, at: record, by: path)
      for ((target, gradient), operand) in zip(zip(places.targets, gradients), operands) {
        guard let target, case .buffer(_, let shape) = operand else { continue }
        let zeros = gradient ?? Tensor(repeating: 0, shape: whole(shape, block))
        write(zeros, to: target, shape, memory, block)
      }
    }
  }

  /// The rows that the operator takes together: all, or one after the other.
  private func blocks(_ memory: CallMemory) -> [Range<Int>] {
    isRowwise ? [0..<memory.rows] : (0..<memory.rows).map { $0..<$0 + 1 }
  }

  private func whole(_ shape: [Int], _ block: Range<Int>) -> [Int] {
    isRowwise ? [block.count] + shape.dropFirst() : shape
  }

  private func tensors<S: KernelScalar>(
    _: S.Type, _ memory: CallMemory, _ block: Range<Int>
  ) -> [Tensor<S>] {
    operands.map { operand in
      switch operand {
      case .constant(let constant): S.values(of: constant)
      case .buffer(let buffer, let shape): tensor(S.self, buffer, shape, memory, block)
      }
    }
  }

  private func tensor<S: KernelScalar>(
    _: S.Type, _ buffer: Int, _ shape: [Int], _ memory: CallMemory, _ block: Range<Int>
  ) -> Tensor<S> {
    let whole = whole(shape, block)
    let elements = unsafe UnsafeBufferPointer(
      start: memory[buffer].assumingMemoryBound(to: S.self)
        + block.lowerBound * shape.reduce(1, *), count: whole.reduce(1, *))
    return unsafe Tensor(shape: whole, elements: Array(elements))
  }

  /// - Parameter shape: Of one row.
  private func write<S: KernelScalar>(
    _ tensor: Tensor<S>, to buffer: Int, _ shape: [Int], _ memory: CallMemory,
    _ block: Range<Int>
  ) {
    let start = block.lowerBound * shape.reduce(1, *) * memory.stride
    unsafe tensor.elements.withUnsafeBytes { bytes in
      if let base = bytes.baseAddress {
        unsafe (memory[buffer] + start).copyMemory(from: base, byteCount: bytes.count)
      }
    }
  }
}
