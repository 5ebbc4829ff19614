import ArgumentParser
import EngineSupport
import Foundation
import NeuralRuntime
import ONNXFormat
import TensorCore

/// What the commands that time a network share: the file, its inputs, the timing of calls, the answers.
struct NetworkSpeed: ParsableArguments {
  @Argument(help: "The model (.onnx).") var model: String

  @Option(help: "Samples in one call.") var batch = 1

  @Option(help: "Calls that are timed.") var runs = 200

  @Option(
    help: "Which instantiation of the kernels runs.",
    transform: { name in
      guard let path = KernelPath(rawValue: name) else {
        throw ValidationError("\(name) is no kernel path")
      }
      return path
    })
  var kernel = KernelPath.fastest

  @Option(help: "Where the answers of one call go, as JSON.") var dump: String?

  func validate() throws {
    guard batch >= 1, runs >= 1 else { throw ValidationError("--batch and --runs are at least 1") }
    guard kernel == .fastest || kernel.isAvailable else {
      throw ValidationError("this processor has no \(kernel.rawValue)")
    }
  }

  func read() throws -> ONNXModel {
    try ONNXModel(
      reading: InputDocument(
        name: model, bytes: [UInt8](try Data(contentsOf: URL(fileURLWithPath: model)))))
  }

  func network() throws -> Network {
    var diagnostics = Diagnostics()
    return try Network(planning: try read(), reportingTo: &diagnostics, by: kernel)
  }

  /// The reference fill: element i is ((37·i) mod 101 − 50)/50.
  func input(of network: Network) -> [Float] {
    (0..<batch * network.input.shape.reduce(1, *)).map { Float($0 * 37 % 101 - 50) / 50 }
  }

  /// Prints the least and the median time of a call in µs, and writes the answers of the last one.
  func report(_ call: () throws -> Void, answers: () -> [[Float]]) throws {
    for _ in 0..<3 { try call() }
    var times: [Double] = []
    for _ in 0..<runs {
      let start = ContinuousClock.now
      try call()
      let elapsed = ContinuousClock.now - start
      times.append(
        Double(elapsed.components.seconds) * 1e6 + Double(elapsed.components.attoseconds) * 1e-12)
    }
    times.sort()
    print(
      "minimum \(DecimalText.fixed(times[0], digits: 2)) µs,",
      "median \(DecimalText.fixed(times[runs / 2], digits: 2)) µs, \(runs) calls")
    guard let dump else { return }
    let rows = answers().map { JSONValue.strings($0.map(\.description)) }
    try Data(CanonicalJSON.bytes(of: .object([("outputs", .array(rows))])))
      .write(to: URL(fileURLWithPath: dump))
  }
}
