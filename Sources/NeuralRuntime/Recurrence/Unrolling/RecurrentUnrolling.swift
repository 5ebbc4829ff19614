import ONNXFormat
import TensorCore

/// A recurrent layer written out into a plan, step by step of its sequence.
///
/// Each gate's sum is one product of a matrix with everything it adds up: input, state, and 1 for each bias. So an
/// allowance for any order of additions covers every way in which an engine splits the sum.
struct RecurrentUnrolling {
  private(set) var plan: NetworkPlan
  private let layer: RecurrentLayer
  private let step: NetworkPlan.Step
  private let size: RecurrentLayer.Sizes
  /// Where each element of the sequence, as the layer reads it, lies in `input`.
  private var places: [Int]
  private var input: Int

  /// Elements that the matrices of all steps of a network's layers may have.
  static let limit = 1 << 21
  private static let stepLimit = 512

  /// nil for layers that are bounded as a whole: with other activations, a clip, peepholes, sequences of several
  /// lengths or several at once, or with weights that are not constant.
  init?(
    _ layer: RecurrentLayer, _ step: NetworkPlan.Step, in plan: NetworkPlan,
    producers: [NetworkPlan.Step], room: inout Int
  ) {
    let shapes = step.operands.map { source in
      switch source {
      case .value(let index): plan.values[index].shape
      case .constant(let index): plan.constants[index].shape
      }
    }
    guard case .value(let input) = step.operands[0], step.operands.count <= 6,
      let size = try? layer.sizes(shapes), size.batch == 1,
      (1...Self.stepLimit).contains(size.steps),
      layer.lengths?.allSatisfy({ $0 == size.steps }) ?? true,
      layer.cell.functions.haveLines,
      step.operands[1...].allSatisfy({ if case .constant = $0 { true } else { false } })
    else { return nil }
    let (elements, overflows) = (size.gates * size.hidden * (size.inputs + size.hidden + 2))
      .multipliedReportingOverflow(by: size.steps * size.directions)
    guard !overflows, elements <= room else { return nil }
    (self.plan, self.layer, self.step, self.size, self.input) = (plan, layer, step, size, input)
    places = Array(0..<size.steps * size.inputs)
    lookThrough(producers)
    guard unroll() else { return nil }
    room -= elements
  }

  /// Reads the sequence from before it was transposed: its batch stays in front.
  private mutating func lookThrough(_ producers: [NetworkPlan.Step]) {
    while let producer = producers.first(where: { $0.results == [input] }),
      let moving = producer.operation as? any RearrangingOperator, producer.operands.count == 1,
      case .value(let source) = producer.operands[0]
    {
      let sources = moving.sources(
        for: [plan.values[source].shape], outputs: [plan.values[input].shape])[0]
      let moved = places.map { sources[$0] }
      guard moved.allSatisfy({ $0 >= 0 }) else { return }
      (places, input) = (moved, source)
    }
  }

  // MARK: Steps

  private mutating func value(_ shape: [Int]) -> Int {
    plan.values.append(NetworkPlan.Value(name: "", shape: shape))
    return plan.values.count - 1
  }

  private mutating func constant(_ tensor: DualTensor) -> NetworkPlan.Source {
    plan.constants.append(tensor)
    return .constant(plan.constants.count - 1)
  }

  private func node(_ operation: String) -> OperatorNode {
    OperatorNode(
      ONNXNode(
        name: "", operation: operation, domain: "", inputs: [], outputs: ["y"], attributes: [:],
        location: step.location), opset: 13)
  }

  private mutating func add(
    _ operation: any RealOperator, _ operands: [NetworkPlan.Source], to result: Int,
    multiplyAdds: Int = 0
  ) {
    plan.steps.append(
      NetworkPlan.Step(
        name: step.name, operation: operation, operands: operands, results: [result],
        multiplyAdds: multiplyAdds, location: step.location))
  }

  /// Elements of several operands side by side; −1 for 0.
  private mutating func gathered(
    _ operands: [NetworkPlan.Source], _ sources: [Int], shape: [Int]
  ) -> Int {
    let result = value(shape)
    add(
      FixedRearrangement(node("Gather"), sources: sources, shape: shape), operands, to: result)
    return result
  }

  private mutating func product(_ left: Int, _ matrix: NetworkPlan.Source) -> Int? {
    guard let operation = try? MatrixMultiplication(node("MatMul")) else { return nil }
    let result = value([1, size.hidden])
    add(
      operation, [.value(left), matrix], to: result,
      multiplyAdds: plan.values[left].shape[1] * size.hidden)
    return result
  }

  private mutating func activated(_ x: Int, _ function: String) -> Int? {
    guard let operation = try? Activation(node(function)) else { return nil }
    let result = value([1, size.hidden])
    add(operation, [.value(x)], to: result)
    return result
  }

  private mutating func pair(_ operation: String, _ a: Int, _ b: Int) -> Int? {
    guard let arithmetic = try? Arithmetic(node(operation)) else { return nil }
    let result = value([1, size.hidden])
    add(arithmetic, [.value(a), .value(b)], to: result)
    return result
  }

  // MARK: Cells

  /// The parts of a gate's matrix: which of its inputs, states and biases it reads.
  private struct Part {
    var readsInput = true
    var readsState = true
    /// Adds a first operand of this layer's width as it is.
    var addsOperand = false
  }

  /// The weights of a gate as a matrix `[inputs + hidden + 2, hidden]`: rows of W, of R, and both biases.
  private func matrix(_ gate: Int, _ direction: Int, _ part: Part) -> DualTensor {
    let (n, wide) = (size.hidden, size.gates * size.hidden)
    func built<S: KernelScalar>(_ constant: (Int) -> [S]?) -> Tensor<S> {
      let (w, r, b) = (constant(1) ?? [], constant(2) ?? [], constant(3))
      var elements: [S] = []
      for k in 0..<size.inputs {
        for i in 0..<n {
          elements.append(
            part.readsInput ? w[(direction * wide + gate * n + i) * size.inputs + k] : 0)
        }
      }
      for k in 0..<n {
        for i in 0..<n {
          elements.append(
            part.addsOperand
              ? (i == k ? 1 : 0)
              : part.readsState ? r[(direction * wide + gate * n + i) * n + k] : 0)
        }
      }
      for (half, isRead) in [part.readsInput, part.readsState].enumerated() {
        for i in 0..<n {
          elements.append(
            isRead ? b.map { $0[direction * 2 * wide + half * wide + gate * n + i] } ?? 0 : 0)
        }
      }
      return Tensor(shape: [size.inputs + n + 2, n], elements: elements)
    }
    func constant(_ index: Int) -> DualTensor? {
      guard index < step.operands.count, case .constant(let place) = step.operands[index] else {
        return nil
      }
      return plan.constants[place]
    }
    return DualTensor(
      float: built { constant($0)?.float.elements },
      double: built { constant($0)?.double.elements })
  }

  /// Input at `time`, an operand of the state's width, and two ones.
  private mutating func joined(
    _ time: Int, _ operand: Int, _ ones: NetworkPlan.Source
  ) -> Int {
    let whole = plan.values[input].shape.reduce(1, *)
    let sources =
      (0..<size.inputs).map { places[time * size.inputs + $0] }
      + (0..<size.hidden).map { whole + $0 } + [whole + size.hidden, whole + size.hidden + 1]
    return gathered(
      [.value(input), .value(operand), ones], sources, shape: [1, sources.count])
  }

  /// The state before the first step, as a value that reads nothing that varies.
  private mutating func start(_ index: Int, _ direction: Int) -> Int {
    let whole = plan.values[input].shape.reduce(1, *)
    guard index < step.operands.count else {
      return gathered(
        [.value(input)], Array(repeating: -1, count: size.hidden), shape: [1, size.hidden])
    }
    return gathered(
      [.value(input), step.operands[index]],
      (0..<size.hidden).map { whole + direction * size.hidden + $0 }, shape: [1, size.hidden])
  }

  private mutating func unroll() -> Bool {
    let ones = constant(DualTensor(Tensor<Double>(repeating: 1, shape: [1, 2])))
    var states = [[Int]](repeating: [], count: size.steps)
    var last: [(hidden: Int, memory: Int)] = []
    for (direction, isReversed) in layer.directions.enumerated() {
      var hidden = start(4, direction)
      var memory = layer.cell.hasMemory ? start(5, direction) : hidden
      var whole: [NetworkPlan.Source] = []
      for gate in 0..<size.gates { whole.append(constant(matrix(gate, direction, Part()))) }
      var apart: [NetworkPlan.Source] = []
      if let gate = layer.cell.separateGate {
        apart.append(constant(matrix(gate, direction, Part(readsInput: false))))
        apart.append(
          constant(matrix(gate, direction, Part(readsState: false, addsOperand: true))))
      }
      for step in 0..<size.steps {
        let time = isReversed ? size.steps - 1 - step : step
        guard let next = advanced(hidden, memory, time, ones, whole, apart) else { return false }
        (hidden, memory) = next
        states[time].append(hidden)
      }
      last.append((hidden, memory))
    }
    let n = size.hidden
    func order(_ count: Int) -> [Int] { Array(0..<count * n) }
    let all = states.flatMap(\.self)
    let outputs = [all, last.map(\.hidden), last.map(\.memory)]
    for (output, parts) in zip(step.results, outputs) {
      // One sample: with the batch in front or behind, the elements have one order.
      add(
        FixedRearrangement(
          node("Concat"), sources: order(parts.count), shape: plan.values[output].shape),
        parts.map { .value($0) }, to: output)
    }
    return true
  }

  /// The gate's sum of an operand that was joined with the input, through an activation.
  private mutating func gate(
    _ joint: Int, _ matrix: NetworkPlan.Source, _ function: Int
  ) -> Int? {
    guard let sum = product(joint, matrix) else { return nil }
    return activated(sum, layer.cell.functions.names[function])
  }

  private mutating func advanced(
    _ hidden: Int, _ memory: Int, _ time: Int, _ ones: NetworkPlan.Source,
    _ gates: [NetworkPlan.Source], _ apart: [NetworkPlan.Source]
  ) -> (hidden: Int, memory: Int)? {
    let joint = joined(time, hidden, ones)
    switch layer.cell {
    case let cell as GatedCell:
      guard let update = gate(joint, gates[0], 0), let reset = gate(joint, gates[1], 0) else {
        return nil
      }
      var recurrent: Int? = hidden
      if cell.resetsAfter { recurrent = product(joint, apart[0]) }
      guard let recurrent, let share = pair("Mul", reset, recurrent),
        let candidate = gate(
          joined(time, share, ones), cell.resetsAfter ? apart[1] : gates[2], 1)
      else { return nil }
      let next = value([1, size.hidden])
      add(
        GatedMixture(node("GRU")), [.value(update), .value(candidate), .value(hidden)], to: next)
      return (next, next)
    case let cell as LongShortTermCell where !cell.tiesGates:
      guard let input = gate(joint, gates[0], 0), let output = gate(joint, gates[1], 0),
        let forget = gate(joint, gates[2], 0), let candidate = gate(joint, gates[3], 1),
        let kept = pair("Mul", forget, memory), let added = pair("Mul", input, candidate),
        let next = pair("Add", kept, added),
        let shown = activated(next, layer.cell.functions.names[2]),
        let state = pair("Mul", output, shown)
      else { return nil }
      return (state, next)
    case is PlainCell: return gate(joint, gates[0], 0).map { ($0, $0) }
    default: return nil
    }
  }
}
