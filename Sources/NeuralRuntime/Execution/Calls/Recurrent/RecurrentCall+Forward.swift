import CKernels
import TensorCore

/// The way through the steps.
extension RecurrentCall {
  func forward(_ memory: CallMemory) {
    let room = RecurrentRoom(self, memory)
    for direction in directions.indices {
      unsafe copyInitial(initialHidden, direction, memory, to: room.hidden)
      if case .longShortTerm = cell {
        unsafe copyInitial(initialMemory, direction, memory, to: room.cells)
      }
      let isSingle = memory.rows * size.batch == 1
      if isSingle { unsafe projectAll(direction, to: room.projected, memory) }
      for step in 0..<size.steps {
        let moment = Moment(self, direction, step, memory)
        if isSingle {
          unsafe take(step, direction, from: room.projected, moment, memory)
        } else {
          project(step, direction, moment, memory)
        }
        run(step, direction, moment, room, memory)
        if showsAll {
          unsafe spread(
            moment.state, to: all, from: allPlace(time(step, direction), direction),
            allLayout(memory), memory)
        }
      }
      let last = Moment(self, direction, size.steps - 1, memory)
      let layout = stateLayout(memory)
      unsafe spread(last.state, to: lastHidden, from: statePlace(direction), layout, memory)
      if let lastMemory {
        unsafe spread(last.inner, to: lastMemory, from: statePlace(direction), layout, memory)
      }
    }
  }

  /// Where a gate's sums are collected: a candidate that the reset gate reaches later keeps those of the input apart.
  private func target(_ gate: Int, _ moment: Moment, _ part: Int) -> UnsafeMutableRawPointer {
    if case .gated(resetsAfter: true) = cell, gate == 2 { return unsafe moment.inner }
    return unsafe moment.sums + gate * part
  }

  /// Bias and input of one step, for many samples: gate by gate.
  private func project(_ step: Int, _ number: Int, _ moment: Moment, _ memory: CallMemory) {
    let (h, stride) = (size.hidden, memory.stride)
    let part = memory.rows * size.batch * h * stride
    let layout = inputLayout(memory)
    let direction = directions[number]
    let source = unsafe memory[x] + inputPlace(time(step, number)) * stride
    for gate in 0..<size.gates {
      let target = unsafe target(gate, moment, part)
      unsafe withStart(direction.bias, offset: gate * h, stride) { ends in
        for group in 0..<layout.groups {
          unsafe direction.weights.gates[gate].withAddress { weights in
            unsafe memory.kernels.functions.pointee.gemm_packed_right(
              layout.count, h, size.inputs, source + layout.start(of: group) * stride,
              layout.stride, 1, weights, target + group * layout.count * h * stride, h, ends)
          }
        }
      }
    }
  }

  /// Bias and input of every step of a single sample, as one product.
  private func projectAll(
    _ number: Int, to result: UnsafeMutableRawPointer, _ memory: CallMemory
  ) {
    let direction = directions[number]
    unsafe withStart(direction.bias, offset: 0, memory.stride) { ends in
      unsafe direction.weights.whole.withAddress { weights in
        unsafe memory.kernels.functions.pointee.gemm_packed_right(
          size.steps, wide, size.inputs, memory[x], size.inputs, 1, weights, result, wide, ends)
      }
    }
  }

  private func take(
    _ step: Int, _ number: Int, from projected: UnsafeRawPointer, _ moment: Moment,
    _ memory: CallMemory
  ) {
    let bytes = size.hidden * memory.stride
    let source = unsafe projected + time(step, number) * size.gates * bytes
    for gate in 0..<size.gates {
      unsafe target(gate, moment, bytes).copyMemory(
        from: source + gate * bytes, byteCount: bytes)
    }
  }

  /// Calls `body` with chains that start from a bias, or from 0 where there is none.
  private func withStart(
    _ bias: ConstantBlock?, offset: Int, _ stride: Int,
    _ body: (UnsafePointer<bartizan_ends>) -> Void
  ) {
    var ends = unsafe bartizan_ends(
      start: Int32(BARTIZAN_START_ZERO), epilogue: Int32(BARTIZAN_EPILOGUE_NONE), bias: nil,
      low: 0, high: 0)
    guard let bias else {
      unsafe body(&ends)
      return
    }
    unsafe ends.start = Int32(BARTIZAN_START_COLUMN_BIAS)
    unsafe bias.withAddress { address in
      unsafe ends.bias = address + offset * stride
      unsafe body(&ends)
    }
  }

  /// State times weights, added to the sums of the gates that read it.
  private func addState(
    _ old: UnsafeRawPointer, _ number: Int, _ moment: Moment, _ memory: CallMemory
  ) {
    let (h, samples) = (size.hidden, memory.rows * size.batch)
    let part = samples * h * memory.stride
    let direction = directions[number]
    let functions = unsafe memory.kernels.functions.pointee
    guard samples > 1 else {
      if case .gated(resetsAfter: true) = cell {
        unsafe startSeparate(direction, moment.sums + 2 * part, memory)
      }
      let columns = direction.recurrence.gates.count * h
      unsafe direction.recurrence.whole.withAddress { weights in
        unsafe functions.gemm_packed_right(
          1, columns, h, old, h, 1, weights, moment.sums, columns, nil)
      }
      return
    }
    for gate in direction.recurrence.gates.indices {
      let target = unsafe moment.sums + gate * part
      unsafe direction.recurrence.gates[gate].withAddress { weights in
        if case .gated(resetsAfter: true) = cell, gate == 2 {
          unsafe withStart(direction.stateBias, offset: 0, memory.stride) { ends in
            unsafe functions.gemm_packed_right(samples, h, h, old, h, 1, weights, target, h, ends)
          }
        } else {
          unsafe functions.gemm_packed_right(samples, h, h, old, h, 1, weights, target, h, nil)
        }
      }
    }
  }

  /// What the reset gate will multiply starts from a bias of its own.
  private func startSeparate(
    _ direction: Direction, _ target: UnsafeMutableRawPointer, _ memory: CallMemory
  ) {
    let bytes = size.hidden * memory.stride
    if let bias = direction.stateBias {
      unsafe bias.withAddress { unsafe target.copyMemory(from: $0, byteCount: bytes) }
    } else {
      unsafe target.initializeMemory(as: UInt8.self, repeating: 0, count: bytes)
    }
  }

  /// One step of all samples.
  private func run(
    _ step: Int, _ number: Int, _ moment: Moment, _ room: RecurrentRoom, _ memory: CallMemory
  ) {
    let (h, samples) = (size.hidden, memory.rows * size.batch)
    let part = samples * h * memory.stride
    let before = step == 0 ? nil : Moment(self, number, step - 1, memory)
    let old = unsafe UnsafeRawPointer(before?.state ?? room.hidden)
    unsafe addState(old, number, moment, memory)
    let vectors = CellVectors(memory.kernels, count: samples * h)
    let (sums, gates) = unsafe (moment.sums, moment.gates)
    let (inner, state) = unsafe (moment.inner, moment.state)
    switch cell {
    case .plain:
      unsafe vectors.apply(BARTIZAN_TANH, sums, to: gates)
      unsafe state.copyMemory(from: gates, byteCount: part)
    case .longShortTerm:
      unsafe vectors.apply(BARTIZAN_SIGMOID, times: 3, sums, to: gates)
      unsafe vectors.apply(BARTIZAN_TANH, sums + 3 * part, to: gates + 3 * part)
      unsafe vectors.multiply(gates + 2 * part, before?.inner ?? room.cells, to: inner)
      unsafe vectors.multiplyAdd(gates, gates + 3 * part, inner, to: inner)
      unsafe vectors.apply(BARTIZAN_TANH, inner, to: moment.shown)
      unsafe vectors.multiply(gates + part, moment.shown, to: state)
    case .gated(let resetsAfter):
      unsafe vectors.apply(BARTIZAN_SIGMOID, times: 2, sums, to: gates)
      if resetsAfter {
        unsafe vectors.multiplyAdd(gates + part, sums + 2 * part, inner, to: inner)
      } else {
        unsafe vectors.multiply(gates + part, old, to: room.kept)
        unsafe directions[number].candidate?.gates[0].withAddress { weights in
          unsafe memory.kernels.functions.pointee.gemm_packed_right(
            samples, h, h, room.kept, h, 1, weights, sums + 2 * part, h, nil)
        }
        unsafe inner.copyMemory(from: sums + 2 * part, byteCount: part)
      }
      let candidate = unsafe gates + 2 * part
      unsafe vectors.apply(BARTIZAN_TANH, inner, to: candidate)
      unsafe one.withAddress { one in
        unsafe vectors.subtract(from: one, gates, to: state)
      }
      unsafe vectors.multiply(state, candidate, to: state)
      unsafe vectors.multiplyAdd(gates, old, state, to: state)
    }
  }
}
