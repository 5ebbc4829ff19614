import EngineSupport
import Foundation
import ModelTesting
import NetworkVerification
import NeuralRuntime
import NumPyFormat
import Provenance
import TensorCore

/// Searches how near an input from a file other classes can be reached, with the clock that the engine does not have.
struct NearestSearch {
  let workers: OrderedConcurrency
  let seed: UInt64
  var norm: DistortionNorm
  var arithmetic: MinimalDistortion.Arithmetic
  var range: ClosedRange<Float>

  /// - Parameters:
  ///   - modelPath: The ONNX file.
  ///   - inputPath: The archive (`.npz`) that holds the input.
  ///   - array: The archive's array; nil for that with the name of the model's input.
  ///   - sample: Which sample of the array, from 0.
  ///   - target: The class to reach; nil for each but the model's own.
  ///   - seconds: Time for each class.
  func nearest(
    _ modelPath: String, _ inputPath: String, array: String?, sample: Int, target: Int?,
    seconds: Double
  ) throws -> NearestExample {
    let modelDocument = try ModelInput.document(modelPath)
    let network = try ModelInput.network(modelDocument)
    let document = try FileAccess.read(inputPath, as: inputPath, limit: 1 << 30)
    let elements = try self.elements(
      of: try NumPyArchive(reading: document).array(named: array ?? network.input.name),
      sample: sample, of: network)
    let outputs = network.output.shape.reduce(1, *)
    let scores = try network.outputs(
      for: Tensor(shape: [1] + network.input.shape, elements: elements)
    ).elements
    let own = scores.indices.max { scores[$0] < scores[$1] }
    if let target, target >= outputs {
      throw Diagnostic(
        "distortion.malformed", "there is no class \(target): the model has \(outputs) outputs",
        at: SourceLocation(document: modelPath))
    }
    let labels = target.map { [$0] } ?? scores.indices.filter { $0 != own }
    let targets: [NearestExample.Target]
    do {
      targets = try labels.map { label in
        try reached(label, of: outputs, network, from: elements, seconds: seconds)
      }
    } catch var diagnostic as Diagnostic where diagnostic.location == nil {
      diagnostic.location = SourceLocation(document: modelPath)
      throw diagnostic
    }
    return NearestExample(
      model: CheckedProperty.File(name: modelPath, digest: ContentDigest(of: modelDocument.bytes)),
      input: CheckedProperty.File(name: inputPath, digest: ContentDigest(of: document.bytes)),
      sample: sample, norm: norm, arithmetic: arithmetic, range: range, targets: targets)
  }

  private func reached(
    _ label: Int, of outputs: Int, _ network: Network, from elements: [Float], seconds: Double
  ) throws -> NearestExample.Target {
    let start = ContinuousClock.now
    let distortion = try MinimalDistortion(
      network, from: elements, within: elements.map { _ in range.lowerBound },
      elements.map { _ in range.upperBound },
      to: MinimalDistortion.classConstraints(label, of: outputs), norm: norm,
      holdingFor: arithmetic)
    let bracket = try distortion.bracket(
      within: DistortionEffort(nodes: .max, pivots: .max, seed: seed),
      // A task throws nothing, so the tasks never run a second time.
      schedule: { tasks in (try? workers.map(tasks) { $0() }) ?? tasks.map { $0() } },
      isTimeLeft: { ContinuousClock.now - start < .seconds(seconds) })
    let elapsed = (ContinuousClock.now - start).components
    return NearestExample.Target(
      label: label, bracket: bracket,
      seconds: Double(elapsed.seconds) + Double(elapsed.attoseconds) * 1e-18)
  }

  /// One sample's elements of an array that holds any number of them.
  private func elements(
    of array: NumPyArray, sample: Int, of network: Network
  ) throws(Diagnostic) -> [Float] {
    let width = network.input.shape.reduce(1, *)
    guard let numbers = array.tensor as? any NumericTensor else {
      throw Diagnostic(
        "model.input.type", "the array holds \(array.typeName) values, not numbers",
        at: array.location)
    }
    let elements = numbers.converted(to: Float.self).elements
    guard width > 0, elements.count % width == 0, sample < elements.count / width else {
      throw Diagnostic(
        "model.input.shape",
        "the array has \(elements.count) elements, which is no sample \(sample) of \(width) each",
        at: array.location)
    }
    return Array(elements[sample * width..<(sample + 1) * width])
  }
}
