import EngineSupport
import NeuralRuntime
import TensorCore

/// Plays faults on a window through the model itself, in single and in double precision.
struct FaultReplay: Sendable {
  let network: Network
  let window: FaultedWindow
  let certificateGoal: CertificateGoal
  private let single: Objective
  private let double: Objective

  /// Errors: `test.goal.shape`.
  init(
    _ network: Network, _ window: FaultedWindow, _ goal: AttackGoal, label: Int
  ) throws(Diagnostic) {
    self.network = network
    self.window = window
    let shape = [1] + network.input.shape
    let clean = window.sample
    let outputs = (
      try network.outputs(for: Tensor(shape: shape, elements: clean)).elements.map(Double.init),
      try network.outputs(for: Tensor(shape: shape, elements: clean.map(Double.init))).elements
    )
    let count = outputs.0.count
    single = try Objective(goal, labels: [label], outputs: count, references: outputs.0)
    double = try Objective(goal, labels: [label], outputs: count, references: outputs.1)
    certificateGoal = try CertificateGoal(
      goal, label: label, reference: outputs.0, outputs: count)
  }

  /// Whether each fault reaches the goal in both precisions.
  func reaches(_ faults: [[Double]]) throws(Diagnostic) -> [Bool] {
    guard !faults.isEmpty else { return [] }
    let readings = faults.flatMap { window.sample(under: $0) }
    let shape = [faults.count] + network.input.shape
    let floats = try network.outputs(for: Tensor(shape: shape, elements: readings)).elements
    let doubles = try network.outputs(
      for: Tensor(shape: shape, elements: readings.map(Double.init))
    ).elements
    return faults.indices.map { place in
      single.margin(floats, at: place, row: 0) < 0 && double.margin(doubles, at: place, row: 0) < 0
    }
  }
}
