import AssessmentPipeline
import EngineSupport
import Foundation
import ModelTesting
import NetworkVerification
import NeuralRuntime
import PropertyFormat
import Provenance

/// Checks properties of models from files, with the clock that the engine does not have.
struct PropertyChecker {
  private static let fileLimit = 64 << 20

  let workers: OrderedConcurrency
  let seed: UInt64

  func check(_ modelPath: String, _ propertyPath: String, seconds: Double) throws -> CheckedProperty
  {
    let modelDocument = try ModelInput.document(modelPath)
    let network = try ModelInput.network(modelDocument)
    let document = try FileAccess.read(propertyPath, as: propertyPath, limit: Self.fileLimit)
    let property = try SafetyProperty(reading: document)
    let start = ContinuousClock.now
    let verifier = try PropertyVerifier(
      network, property, at: SourceLocation(document: propertyPath))
    let result = try verifier.verify(
      within: VerificationEffort(seed: seed),
      schedule: { tasks in try workers.map(tasks) { $0() } },
      isTimeLeft: { ContinuousClock.now - start < .seconds(seconds) })
    let elapsed = (ContinuousClock.now - start).components
    return CheckedProperty(
      model: CheckedProperty.File(name: modelPath, digest: ContentDigest(of: modelDocument.bytes)),
      property: CheckedProperty.File(name: propertyPath, digest: ContentDigest(of: document.bytes)),
      cases: property.cases.count, result: result,
      seconds: Double(elapsed.seconds) + Double(elapsed.attoseconds) * 1e-18)
  }
}
