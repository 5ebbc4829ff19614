import CKernels
import TensorCore

/// Recurrent layers with constant weights and the standard functions.
extension RecurrentLayer: LowerableOperator {
  func lower(_ step: NetworkPlan.Step, at index: Int, in lowering: inout Lowering) -> Bool {
    guard !lowering.isRowwise, lengths == nil, !batchFirst, let kind = loweredCell,
      let size = try? sizes(step.operands.map(lowering.shape)),
      min(size.steps, size.batch, size.inputs) > 0, step.operands.count <= 6,
      step.results.count == (cell.hasMemory ? 3 : 2), let x = lowering.buffer(step.operands[0]),
      let weights = lowering.constant(step.operands[1]),
      let recurrence = lowering.constant(step.operands[2])
    else { return false }
    var bias: DualTensor?
    if step.operands.count > 3 {
      guard let constant = lowering.constant(step.operands[3]) else { return false }
      bias = constant
    }
    let packer = DirectionPacker(
      kind: kind, size: size, kernels: lowering.kernels, isRecording: lowering.isRecording,
      separateGate: cell.separateGate)
    let trace = lowering.newValue(
      RecurrentCall.traceCount(size, isRecording: lowering.isRecording))
    let states = step.operands.dropFirst(4).map(lowering.operand)
    let call = RecurrentCall(
      cell: kind, size: size,
      directions: directions.enumerated().map { number, isReversed in
        packer.direction(number, isReversed: isReversed, weights, recurrence, bias)
      },
      x: x, initialHidden: states.first, initialMemory: states.dropFirst().first,
      all: step.results[0], lastHidden: step.results[1],
      lastMemory: cell.hasMemory ? step.results[2] : nil,
      showsAll: !lowering.readers[step.results[0]].isEmpty
        || lowering.outputs.contains(step.results[0]),
      trace: trace, isRecording: lowering.isRecording,
      one: lowering.kernels.block(DualTensor(Tensor<Double>(shape: [1], elements: [1]))))
    lowering.add(
      call, for: step,
      kept: [trace] + step.operands.dropFirst(4).compactMap(lowering.buffer),
      traces: [trace])
    return true
  }

  /// nil where a gate has a function of its own, is tied to another or clipped.
  private var loweredCell: RecurrentCall.Cell? {
    switch cell {
    case let cell as LongShortTermCell where cell.functions.areStandard && !cell.tiesGates:
      .longShortTerm
    case let cell as GatedCell where cell.functions.areStandard:
      .gated(resetsAfter: cell.resetsAfter)
    case let cell as PlainCell where cell.functions.areStandard: .plain
    default: nil
    }
  }
}

/// Packs one direction's part of a recurrent layer's constants.
private struct DirectionPacker {
  let kind: RecurrentCall.Cell
  let size: RecurrentLayer.Sizes
  let kernels: KernelTable
  let isRecording: Bool
  let separateGate: Int?

  private var wide: Int { size.gates * size.hidden }

  func direction(
    _ number: Int, isReversed: Bool, _ weights: DualTensor, _ recurrence: DualTensor,
    _ bias: DualTensor?
  ) -> RecurrentCall.Direction {
    let (h, inputs) = (size.hidden, size.inputs)
    let gates = RecurrentCall.gatesOfState(kind, size)
    let (input, state) = (number * wide * inputs, number * wide * h)
    var result = RecurrentCall.Direction(
      isReversed: isReversed,
      weights: matrix(weights, at: input, gates: size.gates, columns: inputs, isBack: false),
      recurrence: matrix(recurrence, at: state, gates: gates, columns: h, isBack: false))
    let candidate = state + gates * h * h
    let hasCandidate = gates < size.gates
    if hasCandidate {
      result.candidate = matrix(recurrence, at: candidate, gates: 1, columns: h, isBack: false)
    }
    if isRecording {
      result.backWeights = matrix(
        weights, at: input, gates: size.gates, columns: inputs, isBack: true)
      result.backRecurrence = matrix(
        recurrence, at: state, gates: gates, columns: h, isBack: true)
      if hasCandidate {
        result.backCandidate = matrix(
          recurrence, at: candidate, gates: 1, columns: h, isBack: true)
      }
    }
    if let bias {
      let first = number * 2 * wide
      result.bias = kernels.block(
        DualTensor(
          float: sums(bias.float, from: first), double: sums(bias.double, from: first)))
      if let gate = separateGate {
        let part = first + wide + gate * h..<first + wide + (gate + 1) * h
        result.stateBias = kernels.block(
          DualTensor(
            float: Tensor(shape: [h], elements: Array(bias.float.elements[part])),
            double: Tensor(shape: [h], elements: Array(bias.double.elements[part]))))
      }
    }
    return result
  }

  /// Both biases of each gate; the separate gate keeps its recurrent bias for itself.
  private func sums<S: KernelScalar>(_ bias: Tensor<S>, from first: Int) -> Tensor<S> {
    Tensor(
      shape: [wide],
      elements: (0..<wide).map { i in
        let own = bias.elements[first + i]
        return separateGate == i / size.hidden ? own : own + bias.elements[first + wide + i]
      })
  }

  private func matrix(
    _ constant: DualTensor, at start: Int, gates: Int, columns: Int, isBack: Bool
  ) -> GateMatrix {
    let h = size.hidden
    return GateMatrix(
      whole: packed(constant, at: start, rows: gates * h, columns: columns, isBack: isBack),
      gates: (0..<gates).map { gate in
        packed(
          constant, at: start + gate * h * columns, rows: h, columns: columns, isBack: isBack)
      })
  }

  /// Rows of gates as a right operand: transposed, or as they are for the way back.
  private func packed(
    _ constant: DualTensor, at start: Int, rows: Int, columns: Int, isBack: Bool
  ) -> ConstantBlock {
    let functions = unsafe kernels.functions.pointee
    let (k, n) = isBack ? (rows, columns) : (columns, rows)
    return unsafe kernels.packed(constant, count: Int(functions.packed_right_count(k, n))) {
      source, target in
      unsafe functions.pack_right(
        k, n, source + start * kernels.stride, isBack ? columns : 1, isBack ? 1 : columns, target)
    }
  }
}
