import AdversarialTesting
import EngineSupport
import TensorCore

/// Certificates of one family of sensor faults: one part is one sample.
struct FaultCertificateSurvey: Sendable {
  let test: TestPlan.FaultCertificateTest
  /// Places among the run's rows, in the order of the draw.
  let places: [Int]
  /// Why nothing is certified; `nil` where something is.
  let reason: String?
  private let run: ModelTestRun
  private let certification: FaultCertification?
  private let trials: Set<Int>

  /// - Parameter trials: Places of the samples that are right without a fault.
  /// - Throws: what does not fit the model.
  init(
    _ test: TestPlan.FaultCertificateTest, of run: ModelTestRun, trials: [Int]
  ) throws(Diagnostic) {
    self.test = test
    self.run = run
    self.trials = Set(trials)
    guard case .network = run.model.kind else {
      (places, certification) = ([], nil)
      reason = "No fault certificate was made: trees have no layers to put a fault in front of."
      return
    }
    let certification = try FaultCertification(
      run.model.source, fault: try test.fault(over: run.plan.input, shape: run.geometry.shape),
      limits: try run.geometry.limits(), goal: run.plan.task.goal,
      effort: run.profile.faultCertification)
    do {
      try certification.check()
    } catch {
      (places, self.certification) = ([], nil)
      reason = "No fault certificate was made: \(error.message)."
      return
    }
    self.certification = certification
    places = Array(run.drawn.prefix(min(test.samples, run.profile.faultCertificateLimit)))
    reason = nil
  }

  /// - Throws: `test.certificate.contradicted` where the engine contradicts itself.
  func row(at place: Int) throws(Diagnostic) -> FaultCertificateRow {
    guard let certification, trials.contains(place) else {
      return FaultCertificateRow(cleanErrorAt: run.rows[place])
    }
    let width = run.geometry.channelOfElement.count
    let sample = Array(run.inputs.elements[place * width..<(place + 1) * width])
    return FaultCertificateRow(
      try certification.certificate(of: sample, label: run.labels[place]), at: run.rows[place])
  }
}
