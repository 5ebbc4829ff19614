import TensorCore

/// One direction of a recurrent layer over a batch of sequences: the run, and the way back through it.
struct RecurrentPass<S: KernelScalar> {
  let size: RecurrentLayer.Sizes
  let isReversed: Bool
  let lengths: [Int]?
  /// `[steps, batch, inputs]`, `[gates · hidden, inputs]`, `[gates · hidden, hidden]`, `[2 · gates · hidden]`.
  let x: [S]
  let weights: [S]
  let recurrence: [S]
  let bias: [S]?
  /// `[batch, hidden]`; zeros where left out.
  let hidden: [S]?
  let memory: [S]?
  /// `[3 · hidden]`.
  let peepholes: [S]?
  let direction: Int
  let path: KernelPath

  /// `[steps, batch, hidden]`, zeros after the end of a sequence.
  private(set) var outputs: [S] = []
  private(set) var lastHidden: [S] = []
  private(set) var lastMemory: [S] = []
  /// Steps in the order they ran, for each sample.
  private var trace: [[CellStep<S>]] = []

  init(
    size: RecurrentLayer.Sizes, isReversed: Bool, lengths: [Int]?, x: [S], weights: [S],
    recurrence: [S], bias: [S]?, hidden: [S]?, memory: [S]?, peepholes: [S]?, direction: Int,
    path: KernelPath
  ) {
    self.size = size
    self.isReversed = isReversed
    self.lengths = lengths
    self.x = x
    self.weights = weights
    self.recurrence = recurrence
    self.bias = bias
    self.hidden = hidden
    self.memory = memory
    self.peepholes = peepholes
    self.direction = direction
    self.path = path
  }

  private var wide: Int { size.gates * size.hidden }

  private func length(_ sample: Int) -> Int { lengths?[sample] ?? size.steps }

  private func time(_ step: Int, _ sample: Int) -> Int {
    isReversed ? length(sample) - 1 - step : step
  }

  mutating func run(_ cell: some RecurrentCell) {
    let (batch, n) = (size.batch, size.hidden)
    outputs = [S](repeating: 0, count: size.steps * batch * n)
    lastHidden = hidden ?? [S](repeating: 0, count: batch * n)
    lastMemory = memory ?? [S](repeating: 0, count: batch * n)
    trace = Array(repeating: [], count: batch)
    let projected = projected(cell)
    for step in 0..<size.steps {
      for sample in 0..<batch where step < length(sample) {
        let t = time(step, sample)
        let start = (t * batch + sample) * wide
        var item = CellStep(
          sums: Array(projected[start..<start + wide]), separate: [],
          hidden: Array(lastHidden[sample * n..<(sample + 1) * n]),
          memory: Array(lastMemory[sample * n..<(sample + 1) * n]), peepholes: peepholes,
          newHidden: [S](repeating: 0, count: n), newMemory: [S](repeating: 0, count: n))
        addRecurrence(to: &item, cell)
        cell.step(&item, direction)
        for i in 0..<n {
          lastHidden[sample * n + i] = item.newHidden[i]
          lastMemory[sample * n + i] = item.newMemory[i]
          outputs[(t * batch + sample) * n + i] = item.newHidden[i]
        }
        trace[sample].append(item)
      }
    }
  }

  /// Bias and input of every step: `[steps · batch, gates · hidden]`.
  private func projected(_ cell: some RecurrentCell) -> [S] {
    let rows = size.steps * size.batch
    var result = [S](repeating: 0, count: rows * wide)
    if let bias {
      for row in 0..<rows {
        for i in 0..<wide {
          // The separate gate keeps its recurrent bias for itself.
          let isSeparate = cell.separateGate == i / size.hidden
          result[row * wide + i] = isSeparate ? bias[i] : bias[i] + bias[wide + i]
        }
      }
    }
    S.addProduct(
      rows: rows, columns: wide, depth: size.inputs, of: x, MatrixLayout(rowStride: size.inputs),
      and: weights, MatrixLayout(rowStride: size.inputs).transposed, to: &result,
      MatrixLayout(rowStride: wide), by: path)
    return result
  }

  private func gateLayout(_ gate: Int) -> MatrixLayout {
    MatrixLayout(offset: gate * size.hidden * size.hidden, rowStride: size.hidden).transposed
  }

  private func addRecurrence(to item: inout CellStep<S>, _ cell: some RecurrentCell) {
    let n = size.hidden
    for gate in 0..<size.gates where gate != cell.separateGate && gate != cell.resetGate {
      S.addProduct(
        rows: 1, columns: n, depth: n, of: item.hidden, MatrixLayout(rowStride: n),
        and: recurrence, gateLayout(gate), to: &item.sums,
        MatrixLayout(offset: gate * n, rowStride: n), by: path)
    }
    if let gate = cell.separateGate {
      item.separate =
        bias.map { Array($0[wide + gate * n..<wide + (gate + 1) * n]) }
        ?? [S](repeating: 0, count: n)
      S.addProduct(
        rows: 1, columns: n, depth: n, of: item.hidden, MatrixLayout(rowStride: n),
        and: recurrence, gateLayout(gate), to: &item.separate, MatrixLayout(rowStride: n),
        by: path)
    }
    if let gate = cell.resetGate, let gated = cell as? GatedCell {
      S.addProduct(
        rows: 1, columns: n, depth: n, of: resetState(item, gated), MatrixLayout(rowStride: n),
        and: recurrence, gateLayout(gate), to: &item.sums,
        MatrixLayout(offset: gate * n, rowStride: n), by: path)
    }
  }

  private func resetState(_ item: CellStep<S>, _ cell: GatedCell) -> [S] {
    item.hidden.indices.map { cell.reset(item, $0, direction) * item.hidden[$0] }
  }

  struct Gradient {
    var input: [S]
    var weights: [S]
    var recurrence: [S]
    /// Of the input biases, which are those of the recurrence too …
    var bias: [S]
    /// … but for a layer with a separate gate, which has these.
    var stateBias: [S]
    var hidden: [S]
    var memory: [S]
    var peepholes: [S]
  }

  /// - Parameters: cotangents of `outputs`, `lastHidden` and `lastMemory`.
  func gradient(
    _ cell: some RecurrentCell, outputs g: [S], hidden lastG: [S]?, memory lastC: [S]?
  ) -> Gradient {
    let (batch, n) = (size.batch, size.hidden)
    var result = Gradient(
      input: [S](repeating: 0, count: x.count), weights: [S](repeating: 0, count: weights.count),
      recurrence: [S](repeating: 0, count: recurrence.count),
      bias: [S](repeating: 0, count: wide),
      stateBias: cell.separateGate == nil ? [] : [S](repeating: 0, count: wide),
      hidden: lastG ?? [S](repeating: 0, count: batch * n),
      memory: lastC ?? [S](repeating: 0, count: batch * n),
      peepholes: [S](repeating: 0, count: 3 * n))
    for sample in 0..<batch {
      for (step, item) in trace[sample].enumerated().reversed() {
        let t = time(step, sample)
        var gradient = CellGradient(
          hidden: (0..<n).map { result.hidden[sample * n + $0] + g[(t * batch + sample) * n + $0] },
          memory: Array(result.memory[sample * n..<(sample + 1) * n]),
          sums: [S](repeating: 0, count: wide), separate: [S](repeating: 0, count: n),
          peepholes: result.peepholes)
        cell.back(item, &gradient, direction)
        result.peepholes = gradient.peepholes
        addReset(item, &gradient, &result, cell)
        addProducts(item, &gradient, &result, cell, at: (t * batch + sample) * size.inputs)
        for i in 0..<n {
          result.hidden[sample * n + i] = gradient.hidden[i]
          result.memory[sample * n + i] = gradient.memory[i]
        }
      }
    }
    return result
  }

  /// The gate that reads the state after the reset: its weights, the reset gate and the state.
  private func addReset(
    _ item: CellStep<S>, _ gradient: inout CellGradient<S>, _ result: inout Gradient,
    _ cell: some RecurrentCell
  ) {
    guard let gate = cell.resetGate, let gated = cell as? GatedCell else { return }
    let n = size.hidden
    let state = resetState(item, gated)
    var back = [S](repeating: 0, count: n)
    for i in 0..<n {
      let g = gradient.sums[gate * n + i]
      for j in 0..<n {
        let place = (gate * n + i) * n + j
        result.recurrence[place].addProduct(g, state[j])
        back[j].addProduct(g, recurrence[place])
      }
    }
    for i in 0..<n {
      let reset = gated.reset(item, i, direction)
      gradient.sums[n + i] =
        back[i] * item.hidden[i] * gated.functions.slope(0, direction, item.sums[n + i])
      gradient.hidden[i].addProduct(back[i], reset)
    }
  }

  private func addProducts(
    _ item: CellStep<S>, _ gradient: inout CellGradient<S>, _ result: inout Gradient,
    _ cell: some RecurrentCell, at start: Int
  ) {
    let n = size.hidden
    for row in 0..<wide {
      let g = gradient.sums[row]
      let gate = row / n
      result.bias[row] += g
      for j in 0..<size.inputs {
        result.weights[row * size.inputs + j].addProduct(g, x[start + j])
        result.input[start + j].addProduct(g, weights[row * size.inputs + j])
      }
      let own = gate == cell.separateGate ? gradient.separate[row % n] : g
      if cell.separateGate != nil { result.stateBias[row] += own }
      guard gate != cell.resetGate else { continue }
      for j in 0..<n {
        result.recurrence[row * n + j].addProduct(own, item.hidden[j])
        gradient.hidden[j].addProduct(own, recurrence[row * n + j])
      }
    }
  }
}
