package import EngineSupport
package import TensorCore

/// LSTM, GRU and RNN over a sequence, in one direction or both, with every attribute ONNX gives them.
///
/// Operands are X, W, R, B, the initial states and the peepholes; those left out are zeros. Each gate is one
/// chain of fused multiply-adds: bias, input, state. Gradients run back through the steps as they ran.
/// Sources: ONNX operator specification; Hochreiter and Schmidhuber 1997; Cho et al. 2014.
package struct RecurrentLayer: DifferentiableOperator {
  private static let shared: Set<String> = [
    "activation_alpha", "activation_beta", "activations", "clip", "direction", "hidden_size",
  ]

  package static let signatures = [
    ("GRU", 5, ["linear_before_reset"]), ("LSTM", 7, ["input_forget"]), ("RNN", 5, []),
  ].flatMap { name, operands, own in
    [(7...13, [] as Set<String>), (14...OperatorSignature.newestOpset, ["layout"])].map {
      opsets, layout in
      OperatorSignature(
        name, opsets: opsets, operands: 3...operands, placed: [4: "sequence_lens"],
        attributes: shared.union(own).union(layout), results: name == "LSTM" ? 3 : 2)
    }
  }

  package let node: OperatorNode
  let cell: any RecurrentCell
  /// For each direction whether it runs backwards.
  let directions: [Bool]
  let lengths: [Int]?
  let batchFirst: Bool

  package init(_ node: OperatorNode) throws(Diagnostic) {
    self.node = node
    switch try node.string("direction") ?? "forward" {
    case "forward": directions = [false]
    case "reverse": directions = [true]
    case "bidirectional": directions = [false, true]
    default: throw node.invalidAttribute("direction", "forward, reverse or bidirectional")
    }
    lengths = try node.parameterInts("sequence_lens")
    batchFirst = try node.flag("layout")
    let functions = try CellFunctions(node, directions: directions.count)
    switch node.operation {
    case "LSTM": cell = LongShortTermCell(functions, tiesGates: try node.flag("input_forget"))
    case "GRU":
      cell = GatedCell(functions, resetsAfter: try node.flag("linear_before_reset"))
    default: cell = PlainCell(functions)
    }
  }

  /// The sizes of one call.
  struct Sizes {
    var steps: Int
    var batch: Int
    var inputs: Int
    var hidden: Int
    var directions: Int
    var gates: Int
  }

  func sizes(_ shapes: [[Int]]) throws(Diagnostic) -> Sizes {
    let (x, w, r) = (shapes[0], shapes[1], shapes[2])
    guard x.count == 3, w.count == 3, r.count == 3, r[2] > 0 else {
      throw node.mismatch("X \(x), W \(w) and R \(r) must be of rank 3")
    }
    let size = Sizes(
      steps: x[batchFirst ? 1 : 0], batch: x[batchFirst ? 0 : 1], inputs: x[2], hidden: r[2],
      directions: directions.count, gates: cell.gates)
    let states =
      batchFirst
      ? [size.batch, size.directions, size.hidden] : [size.directions, size.batch, size.hidden]
    let wide = size.gates * size.hidden
    let wanted = [
      x, [size.directions, wide, size.inputs], [size.directions, wide, size.hidden],
      [size.directions, 2 * wide], states, states, [size.directions, 3 * size.hidden],
    ]
    for (index, shape) in shapes.enumerated() where shape != wanted[index] {
      throw node.mismatch("input \(index) has the shape \(shape), not \(wanted[index])")
    }
    if let hidden = try node.int("hidden_size"), hidden != size.hidden {
      throw node.mismatch("hidden_size \(hidden) is not the \(size.hidden) of R")
    }
    if let lengths {
      guard lengths.count == size.batch, lengths.allSatisfy({ (0...size.steps).contains($0) })
      else { throw node.mismatch("sequence_lens \(lengths.prefix(8)) does not fit the batch") }
    }
    return size
  }

  package func outputShapes(for operands: [[Int]]) throws(Diagnostic) -> [[Int]] {
    let size = try sizes(operands)
    let (d, b, h) = (size.directions, size.batch, size.hidden)
    let last = batchFirst ? [b, d, h] : [d, b, h]
    let all = batchFirst ? [b, size.steps, d, h] : [size.steps, d, b, h]
    return cell.hasMemory ? [all, last, last] : [all, last]
  }

  package func multiplyAdds(for operands: [[Int]], outputs: [[Int]]) -> Int {
    guard let size = try? sizes(operands) else { return 0 }
    return size.steps * size.batch * size.directions * size.gates * size.hidden
      * (size.inputs + size.hidden)
  }

  package func evaluate(
    _ operands: [RuntimeValue?], within budget: inout EvaluationBudget
  ) throws(Diagnostic) -> [RuntimeValue] {
    guard operands.count >= 3, let x = try node.optional(operands, 0) as? any RealTensor,
      let w = try node.optional(operands, 1), let r = try node.optional(operands, 2),
      x.shape.count == 3, w.rank == 3, r.rank == 3
    else { throw node.mismatch("X, W and R must be real tensors of rank 3") }
    let d = directions.count
    let batch = x.shape[batchFirst ? 0 : 1]
    let states = batchFirst ? [batch, d, r.shape[2]] : [d, batch, r.shape[2]]
    let shapes = [[], [], [], [d, 2 * w.shape[1]], states, states, [d, 3 * r.shape[2]]]
    var complete: [RuntimeValue?] = []
    for (index, operand) in operands.enumerated() {
      if let operand {
        complete.append(operand)
      } else {
        complete.append(try zeros(shapes[index], like: x, within: &budget))
      }
    }
    return try evaluateReals(complete, within: &budget)
  }

  private func zeros<T: RealTensor>(
    _ shape: [Int], like: T, within budget: inout EvaluationBudget
  ) throws(Diagnostic) -> RuntimeValue {
    let count = try budget.claim(shape, for: node)
    return .tensor(T(shape: shape, elements: Array(repeating: T.Element.filler, count: count)))
  }

  // Layouts: inside, X is [steps, batch, inputs] and states are [directions, batch, hidden].

  func turned<S: KernelScalar>(_ tensor: Tensor<S>, _ permutation: [Int]) -> Tensor<S> {
    batchFirst ? tensor.permuted(by: permutation) : tensor
  }

  private func pass<S: KernelScalar>(
    _ operands: [Tensor<S>], by path: KernelPath
  ) -> (size: Sizes, passes: [RecurrentPass<S>]) {
    guard let size = try? sizes(operands.map(\.shape)) else {
      preconditionFailure("shapes were checked when the network was planned")
    }
    let x = turned(operands[0], [1, 0, 2])
    let passes = directions.indices.map { direction in
      func slice(_ index: Int) -> [S]? {
        guard index < operands.count else { return nil }
        let tensor = (4...5).contains(index) ? turned(operands[index], [1, 0, 2]) : operands[index]
        return tensor.rows(direction..<direction + 1).elements
      }
      var pass = RecurrentPass(
        size: size, isReversed: directions[direction], lengths: lengths, x: x.elements,
        weights: slice(1) ?? [], recurrence: slice(2) ?? [], bias: slice(3), hidden: slice(4),
        memory: slice(5), peepholes: slice(6), direction: direction, path: path)
      // Cells by name, so that each is compiled for its own arithmetic.
      switch cell {
      case let cell as LongShortTermCell: pass.run(cell)
      case let cell as GatedCell: pass.run(cell)
      default: pass.run(cell)
      }
      return pass
    }
    return (size, passes)
  }

  @specialized(where S == Float)
  @specialized(where S == Double)
  package func forward<S: KernelScalar>(
    _ operands: [Tensor<S>], by path: KernelPath
  ) -> [Tensor<S>] {
    let (size, passes) = pass(operands, by: path)
    let (d, b, h) = (size.directions, size.batch, size.hidden)
    var all = [S](repeating: 0, count: size.steps * d * b * h)
    for (direction, pass) in passes.enumerated() {
      for t in 0..<size.steps {
        for i in 0..<b * h { all[(t * d + direction) * b * h + i] = pass.outputs[t * b * h + i] }
      }
    }
    let last = [d, b, h]
    var results = [
      turned(Tensor(shape: [size.steps, d, b, h], elements: all), [2, 0, 1, 3]),
      turned(Tensor(shape: last, elements: passes.flatMap(\.lastHidden)), [1, 0, 2]),
    ]
    if cell.hasMemory {
      results.append(
        turned(Tensor(shape: last, elements: passes.flatMap(\.lastMemory)), [1, 0, 2]))
    }
    return results
  }

  package func vjp<S: KernelScalar>(
    _ cotangents: [Tensor<S>], at record: OperatorRecord<S>, by path: KernelPath
  ) -> [Tensor<S>?] {
    let (size, passes) = pass(record.operands, by: path)
    let (d, b, h) = (size.directions, size.batch, size.hidden)
    let all = batchFirst ? cotangents[0].permuted(by: [1, 2, 0, 3]) : cotangents[0]
    let lasts = cotangents.dropFirst().map { turned($0, [1, 0, 2]) }
    var input = [S](repeating: 0, count: size.steps * b * size.inputs)
    var parts = [[S]](repeating: [], count: 7)
    for (direction, pass) in passes.enumerated() {
      var outputs: [S] = []
      for t in 0..<size.steps {
        let start = (t * d + direction) * b * h
        outputs += all.elements[start..<start + b * h]
      }
      let states = lasts.map { $0.rows(direction..<direction + 1).elements }
      let gradient = pass.gradient(
        cell, outputs: outputs, hidden: states.first, memory: states.dropFirst().first)
      for i in input.indices { input[i] += gradient.input[i] }
      parts[1] += gradient.weights
      parts[2] += gradient.recurrence
      parts[3] += gradient.bias + gradient.bias
      parts[4] += gradient.hidden
      parts[5] += gradient.memory
      parts[6] += gradient.peepholes
      if !gradient.stateBias.isEmpty {
        let half = gradient.bias.count
        let start = parts[3].count - half
        for i in 0..<half { parts[3][start + i] = gradient.stateBias[i] }
      }
    }
    return record.operands.indices.map { index in
      guard record.needsGradient[index] else { return nil }
      let shape = record.operands[index].shape
      switch index {
      case 0:
        return turned(
          Tensor(shape: [size.steps, b, size.inputs], elements: input), [1, 0, 2])
      case 4, 5: return turned(Tensor(shape: [d, b, h], elements: parts[index]), [1, 0, 2])
      default: return Tensor(shape: shape, elements: parts[index])
      }
    }
  }
}
