import TensorCore

/// The LSTM cell: gates input, output, forget and candidate; peepholes for the first three.
///
/// C′ = f·C + i·g(c), H′ = o·h(C′).
struct LongShortTermCell: RecurrentCell {
  let functions: CellFunctions
  /// Whether the forget gate is what the input gate leaves.
  let tiesGates: Bool
  let gates = 4
  let hasMemory = true
  let separateGate: Int? = nil
  let resetGate: Int? = nil

  init(_ functions: CellFunctions, tiesGates: Bool) {
    self.functions = functions
    self.tiesGates = tiesGates
  }

  private struct Gates<S: KernelScalar> {
    var sums: (input: S, output: S, forget: S, candidate: S)
    var input: S
    var forget: S
    var candidate: S
    var memory: S
    var output: S
  }

  private func gates<S: KernelScalar>(
    _ step: CellStep<S>, _ i: Int, _ direction: Int
  ) -> Gates<S> {
    let n = step.hidden.count
    let old = step.memory[i]
    var sums = (step.sums[i], step.sums[n + i], step.sums[2 * n + i], step.sums[3 * n + i])
    if let p = step.peepholes {
      sums.0.addProduct(p[i], old)
      sums.2.addProduct(p[2 * n + i], old)
    }
    let input = functions.value(0, direction, sums.0)
    let forget = tiesGates ? 1 - input : functions.value(0, direction, sums.2)
    let candidate = functions.value(1, direction, sums.3)
    let memory = (forget * old).addingProduct(input, candidate)
    if let p = step.peepholes { sums.1.addProduct(p[n + i], memory) }
    return Gates(
      sums: sums, input: input, forget: forget, candidate: candidate, memory: memory,
      output: functions.value(0, direction, sums.1))
  }

  func step<S: KernelScalar>(_ step: inout CellStep<S>, _ direction: Int) {
    for i in step.hidden.indices {
      let gates = gates(step, i, direction)
      step.newMemory[i] = gates.memory
      step.newHidden[i] = gates.output * functions.plainValue(2, direction, gates.memory)
    }
  }

  func back<S: KernelScalar>(
    _ step: CellStep<S>, _ gradient: inout CellGradient<S>, _ direction: Int
  ) {
    let n = step.hidden.count
    for i in step.hidden.indices {
      let gates = gates(step, i, direction)
      let shown = functions.plainValue(2, direction, gates.memory)
      let output =
        gradient.hidden[i] * shown * functions.slope(0, direction, gates.sums.output)
      var memory =
        gradient.memory[i] + gradient.hidden[i] * gates.output
        * functions.plainSlope(2, direction, gates.memory)
      if let p = step.peepholes {
        memory += output * p[n + i]
        gradient.peepholes[n + i] += output * gates.memory
      }
      let old = step.memory[i]
      let share = memory * gates.candidate - (tiesGates ? memory * old : 0)
      let input = share * functions.slope(0, direction, gates.sums.input)
      let forget =
        tiesGates ? 0 : memory * old * functions.slope(0, direction, gates.sums.forget)
      gradient.sums[i] = input
      gradient.sums[n + i] = output
      gradient.sums[2 * n + i] = forget
      gradient.sums[3 * n + i] =
        memory * gates.input * functions.slope(1, direction, gates.sums.candidate)
      gradient.memory[i] = memory * gates.forget
      if let p = step.peepholes {
        gradient.memory[i] += input * p[i] + forget * p[2 * n + i]
        gradient.peepholes[i] += input * old
        gradient.peepholes[2 * n + i] += forget * old
      }
      gradient.hidden[i] = 0
    }
  }
}
