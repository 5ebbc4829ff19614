import CKernels
import TensorCore

/// The way back through the steps, as `RecurrentPass` goes it.
extension RecurrentCall {
  func backward(_ memory: CallMemory, _ places: GradientPlaces) {
    let room = RecurrentRoom(self, memory)
    let layout = stateLayout(memory)
    if let target = places.targets[0] {
      memory.clear(memory.rows * size.steps * size.batch * size.inputs, at: target)
    }
    for direction in directions.indices {
      let place = statePlace(direction)
      unsafe collect(places.cotangents[1], from: place, to: room.hiddenGradient, layout, memory)
      if lastMemory != nil {
        unsafe collect(places.cotangents[2], from: place, to: room.cellGradient, layout, memory)
      }
      unsafe copyInitial(initialHidden, direction, memory, to: room.hidden)
      if case .longShortTerm = cell {
        unsafe copyInitial(initialMemory, direction, memory, to: room.cells)
      }
      for step in (0..<size.steps).reversed() {
        goBack(through: step, direction, places.cotangents[0], room, memory)
      }
      if let target = places.targets[0] { addInput(direction, to: target, room, memory) }
      if places.targets.count > 4, let target = places.targets[4] {
        unsafe spread(room.hiddenGradient, to: target, from: place, layout, memory)
      }
      if places.targets.count > 5, let target = places.targets[5] {
        unsafe spread(room.cellGradient, to: target, from: place, layout, memory)
      }
    }
  }

  /// Copies what lies sample by sample in a buffer to `target`, side by side.
  private func collect(
    _ buffer: Int, from place: Int, to target: UnsafeMutableRawPointer, _ layout: SampleLayout,
    _ memory: CallMemory
  ) {
    let bytes = size.hidden * memory.stride
    let source = unsafe memory[buffer] + place * memory.stride
    for sample in 0..<memory.rows * size.batch {
      unsafe (target + sample * bytes).copyMemory(
        from: source + layout.place(of: sample) * memory.stride, byteCount: bytes)
    }
  }

  /// What the sums of all steps give the inputs; the directions' gradients are added in order.
  private func addInput(
    _ number: Int, to target: Int, _ room: RecurrentRoom, _ memory: CallMemory
  ) {
    let (h, stride, samples) = (size.hidden, memory.stride, memory.rows * size.batch)
    guard let weights = directions[number].backWeights else { return }
    if samples == 1 {
      unsafe multiply(
        room.sums, rows: size.steps, stride: wide, by: weights.whole, depth: wide,
        columns: size.inputs, to: room.input, stride: size.inputs, continues: false, memory)
    } else {
      let layout = inputLayout(memory)
      for time in 0..<size.steps {
        for group in 0..<layout.groups {
          let result = unsafe room.input + (inputPlace(time) + layout.start(of: group)) * stride
          for gate in 0..<size.gates {
            let place = (time * size.gates + gate) * samples + group * layout.count
            unsafe multiply(
              room.sums + place * h * stride, rows: layout.count, stride: h,
              by: weights.gates[gate], depth: h, columns: size.inputs, to: result,
              stride: layout.stride, continues: gate > 0, memory)
          }
        }
      }
    }
    unsafe memory.kernels.functions.pointee.binary(
      Int32(BARTIZAN_ADD), size.steps * samples * size.inputs, memory[target], 1, room.input, 1,
      memory[target])
  }

  private func multiply(
    _ left: UnsafeRawPointer, rows: Int, stride: Int, by weights: ConstantBlock, depth: Int,
    columns: Int, to result: UnsafeMutableRawPointer, stride resultStride: Int, continues: Bool,
    _ memory: CallMemory
  ) {
    unsafe weights.withAddress { weights in
      unsafe KernelEpilogue.none.withEnds(
        continues ? BARTIZAN_START_EXISTING : BARTIZAN_START_ZERO, nil
      ) { ends in
        unsafe memory.kernels.functions.pointee.gemm_packed_right(
          rows, columns, depth, left, stride, 1, weights, result, resultStride, ends)
      }
    }
  }

  private func goBack(
    through step: Int, _ number: Int, _ cotangent: Int, _ room: RecurrentRoom,
    _ memory: CallMemory
  ) {
    let (h, samples) = (size.hidden, memory.rows * size.batch)
    let part = samples * h * memory.stride
    let time = time(step, number)
    let moment = Moment(self, number, step, memory)
    let before = step == 0 ? nil : Moment(self, number, step - 1, memory)
    let old = unsafe UnsafeRawPointer(before?.state ?? room.hidden)
    let vectors = CellVectors(memory.kernels, count: samples * h)
    addShown(cotangent, time, number, room, memory)
    let gradient = unsafe room.sums + time * size.gates * part
    switch cell {
    case .plain:
      unsafe vectors.apply(BARTIZAN_TANH_SLOPE, moment.sums, to: room.slopes)
      unsafe vectors.multiply(room.g, room.slopes, to: gradient)
    case .longShortTerm:
      unsafe longShortTerm(
        moment, before?.inner ?? room.cells, gradient, room, vectors, part)
    case .gated(let resetsAfter):
      unsafe gated(moment, old, gradient, room, vectors, part, resetsAfter: resetsAfter)
    }
    unsafe multiplyState(number, gradient, old, moment, room, memory)
  }

  /// The state's whole gradient: from the steps after it and from whoever reads it.
  private func addShown(
    _ cotangent: Int, _ time: Int, _ number: Int, _ room: RecurrentRoom, _ memory: CallMemory
  ) {
    let (h, stride, samples) = (size.hidden, memory.stride, memory.rows * size.batch)
    let binary = unsafe memory.kernels.functions.pointee.binary
    guard showsAll else {
      // The cotangents that nobody gave are zeros: one of them does for all.
      unsafe binary(
        Int32(BARTIZAN_ADD), samples * h, room.hiddenGradient, 1, memory[cotangent], 0, room.g)
      return
    }
    let layout = allLayout(memory)
    let given = unsafe memory[cotangent] + allPlace(time, number) * stride
    if layout.isFlat(h) {
      unsafe binary(
        Int32(BARTIZAN_ADD), samples * h, room.hiddenGradient, 1, given, 1, room.g)
      return
    }
    for sample in 0..<samples {
      let place = sample * h * stride
      unsafe binary(
        Int32(BARTIZAN_ADD), h, room.hiddenGradient + place, 1,
        given + layout.place(of: sample) * stride, 1, room.g + place)
    }
  }

  /// What the state's weights give the state before the step.
  private func multiplyState(
    _ number: Int, _ gradient: UnsafeMutableRawPointer, _ old: UnsafeRawPointer,
    _ moment: Moment, _ room: RecurrentRoom, _ memory: CallMemory
  ) {
    let (h, samples) = (size.hidden, memory.rows * size.batch)
    let part = samples * h * memory.stride
    let direction = directions[number]
    var left = unsafe gradient
    var continues = false
    if case .gated(let resetsAfter) = cell {
      continues = true
      if resetsAfter {
        unsafe left = room.own
      } else {
        if let candidate = direction.backCandidate {
          unsafe multiply(
            gradient + 2 * part, rows: samples, stride: h, by: candidate.gates[0], depth: h,
            columns: h, to: room.back, stride: h, continues: false, memory)
        }
        unsafe reset(gradient, old, moment, room, memory)
      }
    }
    guard let weights = direction.backRecurrence else { return }
    if samples == 1 {
      let depth = weights.gates.count * h
      unsafe multiply(
        left, rows: 1, stride: depth, by: weights.whole, depth: depth, columns: h,
        to: room.hiddenGradient, stride: h, continues: continues, memory)
      return
    }
    for gate in weights.gates.indices {
      unsafe multiply(
        left + gate * part, rows: samples, stride: h, by: weights.gates[gate], depth: h,
        columns: h, to: room.hiddenGradient, stride: h, continues: continues || gate > 0, memory)
    }
  }

  /// The reset gate that multiplied the state: its own cotangent and its share of the state's.
  private func reset(
    _ gradient: UnsafeMutableRawPointer, _ old: UnsafeRawPointer, _ moment: Moment,
    _ room: RecurrentRoom, _ memory: CallMemory
  ) {
    let count = memory.rows * size.batch * size.hidden
    let part = count * memory.stride
    let vectors = CellVectors(memory.kernels, count: count)
    unsafe vectors.apply(BARTIZAN_SIGMOID_SLOPE, moment.sums + part, to: room.slopes)
    unsafe vectors.multiply(room.back, old, to: room.first)
    unsafe vectors.multiply(room.first, room.slopes, to: gradient + part)
    unsafe vectors.multiplyAdd(
      room.back, moment.gates + part, room.hiddenGradient, to: room.hiddenGradient)
  }

  /// - Parameters:
  ///   - before: The memory before the step.
  ///   - part: Bytes of one gate.
  private func longShortTerm(
    _ moment: Moment, _ before: UnsafeRawPointer, _ gradient: UnsafeMutableRawPointer,
    _ room: RecurrentRoom, _ vectors: CellVectors, _ part: Int
  ) {
    let (gates, slopes, cells) = unsafe (moment.gates, room.slopes, room.cellGradient)
    unsafe vectors.apply(BARTIZAN_SIGMOID_SLOPE, times: 3, moment.sums, to: slopes)
    unsafe vectors.apply(BARTIZAN_TANH_SLOPE, moment.sums + 3 * part, to: slopes + 3 * part)
    unsafe vectors.apply(BARTIZAN_TANH_SLOPE, moment.inner, to: room.shownSlope)
    // The output gate, then the memory it shows.
    unsafe vectors.multiply(room.g, moment.shown, to: room.first)
    unsafe vectors.multiply(room.first, slopes + part, to: gradient + part)
    unsafe vectors.multiply(room.g, gates + part, to: room.first)
    unsafe vectors.multiply(room.first, room.shownSlope, to: room.first)
    unsafe vectors.add(cells, room.first, to: room.first)
    // Input, forget and candidate.
    unsafe vectors.multiply(room.first, gates + 3 * part, to: room.second)
    unsafe vectors.multiply(room.second, slopes, to: gradient)
    unsafe vectors.multiply(room.first, before, to: room.second)
    unsafe vectors.multiply(room.second, slopes + 2 * part, to: gradient + 2 * part)
    unsafe vectors.multiply(room.first, gates, to: room.second)
    unsafe vectors.multiply(room.second, slopes + 3 * part, to: gradient + 3 * part)
    unsafe vectors.multiply(room.first, gates + 2 * part, to: cells)
  }

  private func gated(
    _ moment: Moment, _ before: UnsafeRawPointer, _ gradient: UnsafeMutableRawPointer,
    _ room: RecurrentRoom, _ vectors: CellVectors, _ part: Int, resetsAfter: Bool
  ) {
    let (gates, slopes) = unsafe (moment.gates, room.slopes)
    unsafe vectors.apply(BARTIZAN_SIGMOID_SLOPE, times: 2, moment.sums, to: slopes)
    unsafe vectors.apply(BARTIZAN_TANH_SLOPE, moment.inner, to: slopes + 2 * part)
    unsafe one.withAddress { one in
      unsafe vectors.subtract(from: one, gates, to: room.first)
    }
    unsafe vectors.multiply(room.g, room.first, to: room.first)
    unsafe vectors.multiply(room.first, slopes + 2 * part, to: gradient + 2 * part)
    unsafe vectors.subtract(before, gates + 2 * part, to: room.first)
    unsafe vectors.multiply(room.g, room.first, to: room.first)
    unsafe vectors.multiply(room.first, slopes, to: gradient)
    unsafe vectors.multiply(room.g, gates, to: room.hiddenGradient)
    guard resetsAfter else { return }
    unsafe vectors.multiply(gradient + 2 * part, moment.sums + 2 * part, to: room.first)
    unsafe vectors.multiply(room.first, slopes + part, to: gradient + part)
    unsafe room.own.copyMemory(from: gradient, byteCount: 2 * part)
    unsafe vectors.multiply(gradient + 2 * part, gates + part, to: room.own + 2 * part)
  }
}
