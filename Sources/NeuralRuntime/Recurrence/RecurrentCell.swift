import TensorCore

/// What a recurrent layer does for one sample at one step, forwards and back.
protocol RecurrentCell: Sendable {
  var functions: CellFunctions { get }
  /// Gates in the order the weights stack them.
  var gates: Int { get }
  var hasMemory: Bool { get }
  /// The gate whose recurrent part is kept by itself, because another gate multiplies it.
  var separateGate: Int? { get }
  /// The gate whose recurrent part reads the state after another gate has multiplied it.
  var resetGate: Int? { get }

  func step<S: KernelScalar>(_ step: inout CellStep<S>, _ direction: Int)
  func back<S: KernelScalar>(
    _ step: CellStep<S>, _ gradient: inout CellGradient<S>, _ direction: Int)
}

/// One sample at one step; every list has one entry for each hidden unit, gates stacked.
struct CellStep<S: KernelScalar> {
  /// Sums before the activation functions: bias, input and recurrence, but for a separate gate.
  var sums: [S]
  /// The recurrent part of the separate gate with its bias.
  var separate: [S]
  var hidden: [S]
  var memory: [S]
  var peepholes: [S]?
  var newHidden: [S]
  var newMemory: [S]
}

/// Gradients of one sample at one step.
struct CellGradient<S: KernelScalar> {
  /// In: of the new states. Out: of the old ones, without what comes through the recurrent weights.
  var hidden: [S]
  var memory: [S]
  /// Out: of the sums before the activation functions.
  var sums: [S]
  /// Out: of the recurrent part of the separate gate.
  var separate: [S]
  /// Out: of the peepholes.
  var peepholes: [S]
}

/// H′ = f(sum).
struct PlainCell: RecurrentCell {
  let functions: CellFunctions
  let gates = 1
  let hasMemory = false
  let separateGate: Int? = nil
  let resetGate: Int? = nil

  init(_ functions: CellFunctions) { self.functions = functions }

  func step<S: KernelScalar>(_ step: inout CellStep<S>, _ direction: Int) {
    for i in step.hidden.indices { step.newHidden[i] = functions.value(0, direction, step.sums[i]) }
  }

  func back<S: KernelScalar>(
    _ step: CellStep<S>, _ gradient: inout CellGradient<S>, _ direction: Int
  ) {
    for i in step.hidden.indices {
      gradient.sums[i] = gradient.hidden[i] * functions.slope(0, direction, step.sums[i])
      gradient.hidden[i] = 0
    }
  }
}
