public import EngineSupport
public import NeuralRuntime
public import ONNXFormat
import TensorCore

/// Certificates against parametric sensor faults: for one recorded window the largest box of parameters in which no
/// fault reaches a goal, and the smallest fault that does.
///
/// The fault is put in front of the model as layers, and its one to four parameters are split (branch and bound).
/// This works for whatever has linear bounds; operators with interval bounds only, such as recurrent ones, need
/// more boxes. Readings are continuous between the parameters: their rounding to the sensor's grid is not part of
/// the family.
///
/// Source: the idea of perturbations with few parameters before the network: Paterson et al., "DeepCert", SafeComp
/// 2021; splitting: Bunel et al., JMLR 21 (2020).
public struct FaultCertification: Sendable {
  public let fault: ParametricFault
  public let limits: PhysicalLimits
  public let goal: AttackGoal
  public let effort: FaultEffort
  /// Without its final Softmax.
  public let network: Network
  private let model: ONNXModel

  /// Errors: those of planning the model, `test.model.shape` where the limits describe another shape,
  /// `test.fault.layout`.
  public init(
    _ model: ONNXModel, fault: ParametricFault, limits: PhysicalLimits,
    goal: AttackGoal = .misclassification, effort: FaultEffort = FaultEffort()
  ) throws(Diagnostic) {
    var diagnostics = Diagnostics()
    network = try Network(planning: model, reportingTo: &diagnostics).withoutFinalSoftmax
    guard network.input.shape == limits.shape else {
      throw Diagnostic(
        "test.model.shape",
        "the model takes samples of shape \(network.input.shape), the limits describe "
          + "\(limits.shape)")
    }
    _ = try FaultLayout(fault, shape: limits.shape, history: 0)
    self.model = model
    self.fault = fault
    self.limits = limits
    self.goal = goal
    self.effort = effort
  }

  /// The certificate of one window.
  ///
  /// - Parameters:
  ///   - recording: Row-major, of the sample's shape but with `history` more instants before the window, from which
  ///     delayed readings come. Readings before the recording are taken to be its first.
  ///   - label: The class to be kept; any number for goals that are not about classes.
  /// Errors: `test.fault.layout`, `test.data.shape`, `test.data.non-finite`, `test.goal.shape`,
  /// `test.certificate.graph`, `test.limits.scaling`, `onnx.operator.not-bounded`, `network.bounds.too-large`, and
  /// `test.certificate.contradicted` where a fault is found inside a proved box.
  public func certificate(
    of recording: [Float], history: Int = 0, label: Int
  ) throws(Diagnostic) -> FaultCertificate {
    let layout = try FaultLayout(fault, shape: limits.shape, history: history)
    guard recording.count == layout.recordingCount else {
      throw Diagnostic(
        "test.data.shape",
        "a recording of \(recording.count) readings, \(layout.recordingCount) were expected")
    }
    guard recording.allSatisfy(\.isFinite) else {
      throw Diagnostic("test.data.non-finite", "the recording holds NaN or an infinity")
    }
    let window = FaultedWindow(
      fault: fault, layout: layout, limits: limits, recording: recording)
    let replay = try FaultReplay(network, window, goal, label: label)
    var pieces: [FaultedModel] = []
    for lag in 0..<pieceCount { pieces.append(try FaultedModel(model, network, window, lag: lag)) }
    var search = FaultSearch(
      pieces: pieces, replay: replay, rows: GoalRows(replay.certificateGoal), effort: effort)
    return try search.run()
  }

  /// One for each whole period that the delay can have.
  private var pieceCount: Int {
    let most = fault.place(of: .delay).map { fault.parameters[$0].most } ?? 1
    return max(1, Int(most.rounded(.up)))
  }

  /// Finds out, before any sample, whether the model can be bounded with the fault in front of it.
  ///
  /// Errors: `test.certificate.graph`, `onnx.operator.not-bounded`, `network.bounds.too-large`.
  public func check() throws(Diagnostic) {
    let layout = try FaultLayout(fault, shape: limits.shape, history: 0)
    let window = FaultedWindow(
      fault: fault, layout: layout, limits: limits,
      recording: limits.low.map { limits.tensorValue($0) })
    _ = try FaultedModel(model, network, window, lag: 0)
  }
}
