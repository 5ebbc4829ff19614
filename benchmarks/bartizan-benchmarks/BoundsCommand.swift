import ArgumentParser
import EngineSupport
import Foundation
import NeuralRuntime
import NumPyFormat
import ONNXFormat
import TensorCore

/// Prints linear bounds of a model over a box and the time they took: what a peer is compared with.
struct BoundsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bounds",
    abstract: "Print linear bounds of a model over a box (arrays lower and upper), with the time.")

  @Argument(help: "The model (.onnx).") var model: String
  @Argument(help: "The box (.npz).") var box: String
  @Option(help: "Calls; the least time is printed.") var runs = 20

  func run() throws {
    guard runs >= 1 else { throw ValidationError("--runs is at least 1") }
    var diagnostics = Diagnostics()
    let network = try Network(
      planning: try ONNXModel(reading: try Repository.document(model)), reportingTo: &diagnostics)
    let archive = try NumPyArchive(reading: try Repository.document(box))
    let lower = try archive.array(named: "lower").floatTensor().elements.map { Double($0) }
    let upper = try archive.array(named: "upper").floatTensor().elements.map { Double($0) }
    // The peer bounds exact arithmetic, with ranges on the way by lines alone.
    let propagation = try LinearPropagation(network, covering: .exact)
    var bounds: (lower: [Double], upper: [Double]) = ([], [])
    var least = Double.infinity
    for _ in 0..<runs {
      let start = ContinuousClock.now
      let state = propagation.relaxed(
        over: BoxBatch(lower: lower, upper: upper, count: 1), by: .lines)
      bounds = propagation.outputBounds(in: state)
      let elapsed = (ContinuousClock.now - start).components
      least = min(least, Double(elapsed.seconds) + Double(elapsed.attoseconds) * 1e-18)
    }
    func list(_ values: [Double]) -> String {
      values.map(DecimalText.exact).joined(separator: ", ")
    }
    print(
      "{\"seconds\": \(least), \"lower\": [\(list(bounds.lower))], \"upper\": [\(list(bounds.upper))]}"
    )
  }
}
