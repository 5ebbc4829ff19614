import TensorCore

/// The GRU cell: gates update, reset and candidate. H′ = (1 − z)·h + z·H.
struct GatedCell: RecurrentCell {
  let functions: CellFunctions
  /// Whether the reset gate multiplies the product of state and weights, or the state before it.
  let resetsAfter: Bool
  let gates = 3
  let hasMemory = false
  var separateGate: Int? { resetsAfter ? 2 : nil }
  var resetGate: Int? { resetsAfter ? nil : 2 }

  init(_ functions: CellFunctions, resetsAfter: Bool) {
    self.functions = functions
    self.resetsAfter = resetsAfter
  }

  /// The reset gate of a unit.
  func reset<S: KernelScalar>(_ step: CellStep<S>, _ i: Int, _ direction: Int) -> S {
    functions.value(0, direction, step.sums[step.hidden.count + i])
  }

  private func candidateSum<S: KernelScalar>(
    _ step: CellStep<S>, _ i: Int, _ direction: Int
  ) -> S {
    let sum = step.sums[2 * step.hidden.count + i]
    return resetsAfter
      ? sum.addingProduct(reset(step, i, direction), step.separate[i]) : sum
  }

  func step<S: KernelScalar>(_ step: inout CellStep<S>, _ direction: Int) {
    for i in step.hidden.indices {
      let update = functions.value(0, direction, step.sums[i])
      let candidate = functions.value(1, direction, candidateSum(step, i, direction))
      step.newHidden[i] = ((1 - update) * candidate).addingProduct(update, step.hidden[i])
    }
  }

  func back<S: KernelScalar>(
    _ step: CellStep<S>, _ gradient: inout CellGradient<S>, _ direction: Int
  ) {
    let n = step.hidden.count
    for i in step.hidden.indices {
      let update = functions.value(0, direction, step.sums[i])
      let sum = candidateSum(step, i, direction)
      let candidate = functions.value(1, direction, sum)
      let g = gradient.hidden[i]
      let inner = g * (1 - update) * functions.slope(1, direction, sum)
      gradient.sums[i] =
        g * (step.hidden[i] - candidate) * functions.slope(0, direction, step.sums[i])
      gradient.sums[2 * n + i] = inner
      if resetsAfter {
        gradient.sums[n + i] =
          inner * step.separate[i] * functions.slope(0, direction, step.sums[n + i])
        gradient.separate[i] = inner * reset(step, i, direction)
      }
      gradient.hidden[i] = g * update
    }
  }
}
