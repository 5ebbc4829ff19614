import CKernels
import TensorCore

/// The way back through the steps, as `RecurrentPass` goes it.
extension RecurrentCall {
  /// Working memory of the way back.
  @safe
  private struct Room {
    /// Cotangents of all sums, and what they give the inputs.
    let sums, input: UnsafeMutableRawPointer
    /// Cotangents of the gates' sums as the state's weights see them, for the batch.
    let own: UnsafeMutableRawPointer
    /// Gradients of the states, of what the reset gate gave the candidate; zeros.
    let hidden, cells, back, zeros, moreZeros: UnsafeMutableRawPointer
    /// Slopes of one sample's gates and of its memory, and vectors.
    let slopes, shownSlope, g, first, second: UnsafeMutableRawPointer

    init(_ call: RecurrentCall, _ memory: CallMemory) {
      let (size, stride) = (call.size, memory.stride)
      let (state, h) = (call.state * stride, size.hidden * stride)
      let rows = size.steps * size.batch
      unsafe sums = memory.scratch
      unsafe input = sums + rows * call.wide * stride
      unsafe own = input + rows * size.inputs * stride
      unsafe hidden = own + size.batch * call.wide * stride
      unsafe cells = hidden + state
      unsafe back = cells + state
      unsafe zeros = back + state
      unsafe moreZeros = zeros + state
      unsafe slopes = moreZeros + state
      unsafe shownSlope = slopes + call.wide * stride
      unsafe g = shownSlope + h
      unsafe first = g + h
      unsafe second = first + h
    }
  }

  func backward(_ memory: CallMemory, _ places: GradientPlaces) {
    let room = Room(self, memory)
    let bytes = state * memory.stride
    if let target = places.targets[0] {
      memory.clear(size.steps * size.batch * size.inputs, at: target)
    }
    for direction in directions.indices {
      let offset = direction * bytes
      unsafe room.hidden.copyMemory(
        from: memory[places.cotangents[1]] + offset, byteCount: bytes)
      if lastMemory != nil {
        unsafe room.cells.copyMemory(
          from: memory[places.cotangents[2]] + offset, byteCount: bytes)
      }
      unsafe withInitial(initialHidden, direction, memory, zeros: room.zeros) { hidden in
        unsafe withInitial(initialMemory, direction, memory, zeros: room.moreZeros) { cells in
          for step in (0..<size.steps).reversed() {
            unsafe goBack(
              through: step, direction, from: hidden, cells, places.cotangents[0], room, memory)
          }
        }
      }
      if let target = places.targets[0] { addInput(direction, to: target, room, memory) }
      if places.targets.count > 4, let target = places.targets[4] {
        unsafe (memory[target] + offset).copyMemory(from: room.hidden, byteCount: bytes)
      }
      if places.targets.count > 5, let target = places.targets[5] {
        unsafe (memory[target] + offset).copyMemory(from: room.cells, byteCount: bytes)
      }
    }
  }

  /// The directions' gradients are added in order.
  private func addInput(_ direction: Int, to target: Int, _ room: Room, _ memory: CallMemory) {
    let rows = size.steps * size.batch
    unsafe multiply(
      room.sums, rows: rows, depth: wide, stride: wide, directions[direction].backWeights,
      columns: size.inputs, to: room.input, continues: false, memory)
    unsafe memory.kernels.functions.pointee.binary(
      Int32(BARTIZAN_ADD), rows * size.inputs, memory[target], 1, room.input, 1, memory[target])
  }

  private func multiply(
    _ left: UnsafeRawPointer, rows: Int, depth: Int, stride: Int, _ weights: ConstantBlock?,
    columns: Int, to result: UnsafeMutableRawPointer, continues: Bool, _ memory: CallMemory
  ) {
    unsafe weights?.withAddress { weights in
      unsafe KernelEpilogue.none.withEnds(
        continues ? BARTIZAN_START_EXISTING : BARTIZAN_START_ZERO, nil
      ) { ends in
        unsafe memory.kernels.functions.pointee.gemm_packed_right(
          rows, columns, depth, left, stride, 1, weights, result, columns, ends)
      }
    }
  }

  private func goBack(
    through step: Int, _ number: Int, from initial: UnsafeRawPointer, _ cells: UnsafeRawPointer,
    _ cotangent: Int, _ room: Room, _ memory: CallMemory
  ) {
    let (h, stride) = (size.hidden, memory.stride)
    let time = time(step, number)
    let old = unsafe previousHidden(step, number, initial, memory)
    let trace = Trace(self, number, memory)
    let vectors = CellVectors(memory.kernels, count: h)
    for sample in 0..<size.batch {
      let moved = unsafe Moment(
        sums: trace.sums, gates: trace.gates, inner: trace.inner, shown: trace.shown,
        gradient: room.sums, place: (time * size.batch + sample) * h * stride, gates: size.gates)
      let hidden = unsafe room.hidden + sample * h * stride
      let given =
        unsafe memory[cotangent]
        + ((time * size.directions + number) * size.batch + sample) * h * stride
      unsafe vectors.add(hidden, given, to: room.g)
      switch cell {
      case .plain:
        unsafe vectors.apply(BARTIZAN_TANH_SLOPE, moved.sums, to: room.slopes)
        unsafe vectors.multiply(room.g, room.slopes, to: moved.gradient)
      case .longShortTerm:
        let before =
          step == 0
          ? unsafe cells + sample * h * stride
          : unsafe UnsafeRawPointer(trace.inner)
            + (self.time(step - 1, number) * size.batch + sample) * h * stride
        unsafe longShortTerm(
          moved, before, room.cells + sample * h * stride, room, vectors, h * stride)
      case .gated(let resetsAfter):
        let own = unsafe room.own + sample * wide * stride
        unsafe gated(
          moved, old + sample * h * stride, hidden, own, room, vectors, h * stride,
          resetsAfter: resetsAfter)
      }
    }
    let gradient = unsafe room.sums + time * size.batch * wide * stride
    unsafe multiplyState(number, gradient, old, trace, time, room, memory)
  }

  /// What the state's weights give the state before the step.
  private func multiplyState(
    _ number: Int, _ gradient: UnsafeMutableRawPointer, _ old: UnsafeRawPointer, _ trace: Trace,
    _ time: Int, _ room: Room, _ memory: CallMemory
  ) {
    let (h, stride) = (size.hidden, memory.stride)
    let weights = directions[number].backRecurrence
    var left = unsafe gradient
    var continues = false
    if case .gated(let resetsAfter) = cell {
      continues = true
      if resetsAfter {
        unsafe left = room.own
      } else {
        unsafe multiply(
          gradient + 2 * h * stride, rows: size.batch, depth: h, stride: wide,
          directions[number].backCandidate, columns: h, to: room.back, continues: false, memory)
        unsafe reset(gradient, old, trace, time, room, memory)
      }
    }
    unsafe multiply(
      left, rows: size.batch, depth: Self.gatesOfState(cell, size) * h, stride: wide, weights,
      columns: h, to: room.hidden, continues: continues, memory)
  }

  /// The reset gate that multiplied the state: its own cotangent and its share of the state's.
  private func reset(
    _ gradient: UnsafeMutableRawPointer, _ old: UnsafeRawPointer, _ trace: Trace, _ time: Int,
    _ room: Room, _ memory: CallMemory
  ) {
    let bytes = size.hidden * memory.stride
    let vectors = CellVectors(memory.kernels, count: size.hidden)
    for sample in 0..<size.batch {
      let row = time * size.batch + sample
      let back = unsafe room.back + sample * bytes
      let target = unsafe gradient + sample * size.gates * bytes + bytes
      let place = row * size.gates * bytes + bytes
      unsafe vectors.apply(BARTIZAN_SIGMOID_SLOPE, trace.sums + place, to: room.slopes)
      unsafe vectors.multiply(back, old + sample * bytes, to: room.first)
      unsafe vectors.multiply(room.first, room.slopes, to: target)
      let hidden = unsafe room.hidden + sample * bytes
      unsafe vectors.multiplyAdd(back, trace.gates + place, hidden, to: hidden)
    }
  }

  /// What one sample left at one step, and where the cotangents of its sums go.
  @unsafe
  private struct Moment {
    let sums, gates, inner, shown, gradient: UnsafeMutableRawPointer

    init(
      sums: UnsafeMutableRawPointer, gates: UnsafeMutableRawPointer,
      inner: UnsafeMutableRawPointer, shown: UnsafeMutableRawPointer,
      gradient: UnsafeMutableRawPointer, place: Int, gates count: Int
    ) {
      unsafe self.sums = sums + place * count
      unsafe self.gates = gates + place * count
      unsafe self.inner = inner + place
      unsafe self.shown = shown + place
      unsafe self.gradient = gradient + place * count
    }
  }

  /// - Parameter unit: Bytes of one gate.
  private func longShortTerm(
    _ moment: Moment, _ before: UnsafeRawPointer, _ cells: UnsafeMutableRawPointer, _ room: Room,
    _ vectors: CellVectors, _ unit: Int
  ) {
    let (gates, gradient) = unsafe (moment.gates, moment.gradient)
    let slopes = unsafe room.slopes
    unsafe vectors.apply(BARTIZAN_SIGMOID_SLOPE, times: 3, moment.sums, to: slopes)
    unsafe vectors.apply(BARTIZAN_TANH_SLOPE, moment.sums + 3 * unit, to: slopes + 3 * unit)
    unsafe vectors.apply(BARTIZAN_TANH_SLOPE, moment.inner, to: room.shownSlope)
    // The output gate, then the memory it shows.
    unsafe vectors.multiply(room.g, moment.shown, to: room.first)
    unsafe vectors.multiply(room.first, slopes + unit, to: gradient + unit)
    unsafe vectors.multiply(room.g, gates + unit, to: room.first)
    unsafe vectors.multiply(room.first, room.shownSlope, to: room.first)
    unsafe vectors.add(cells, room.first, to: room.first)
    // Input, forget and candidate.
    unsafe vectors.multiply(room.first, gates + 3 * unit, to: room.second)
    unsafe vectors.multiply(room.second, slopes, to: gradient)
    unsafe vectors.multiply(room.first, before, to: room.second)
    unsafe vectors.multiply(room.second, slopes + 2 * unit, to: gradient + 2 * unit)
    unsafe vectors.multiply(room.first, gates, to: room.second)
    unsafe vectors.multiply(room.second, slopes + 3 * unit, to: gradient + 3 * unit)
    unsafe vectors.multiply(room.first, gates + 2 * unit, to: cells)
  }

  private func gated(
    _ moment: Moment, _ before: UnsafeRawPointer, _ hidden: UnsafeMutableRawPointer,
    _ own: UnsafeMutableRawPointer, _ room: Room, _ vectors: CellVectors, _ unit: Int,
    resetsAfter: Bool
  ) {
    let (gates, gradient) = unsafe (moment.gates, moment.gradient)
    let slopes = unsafe room.slopes
    unsafe vectors.apply(BARTIZAN_SIGMOID_SLOPE, times: 2, moment.sums, to: slopes)
    unsafe vectors.apply(BARTIZAN_TANH_SLOPE, moment.inner, to: slopes + 2 * unit)
    unsafe one.withAddress { one in
      unsafe vectors.subtract(from: one, gates, to: room.first)
    }
    unsafe vectors.multiply(room.g, room.first, to: room.first)
    unsafe vectors.multiply(room.first, slopes + 2 * unit, to: gradient + 2 * unit)
    unsafe vectors.subtract(before, gates + 2 * unit, to: room.first)
    unsafe vectors.multiply(room.g, room.first, to: room.first)
    unsafe vectors.multiply(room.first, slopes, to: gradient)
    unsafe vectors.multiply(room.g, gates, to: hidden)
    guard resetsAfter else { return }
    let separate = unsafe moment.sums + 2 * unit
    unsafe vectors.multiply(gradient + 2 * unit, separate, to: room.first)
    unsafe vectors.multiply(room.first, slopes + unit, to: gradient + unit)
    unsafe own.copyMemory(from: gradient, byteCount: 2 * unit)
    unsafe vectors.multiply(gradient + 2 * unit, gates + unit, to: own + 2 * unit)
  }
}
