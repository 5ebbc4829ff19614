import AdversarialTesting
import ArgumentParser
import EngineSupport
import Foundation
import NeuralRuntime
import NumPyFormat
import ONNXFormat
import TensorCore

/// Finds the exact radii of a tree ensemble, and compares them with published ones.
struct TreesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "trees",
    abstract: "Time exact L-infinity radii of a tree ensemble; compare them with known ones.")

  @Argument(help: "An ONNX model that is one ensemble of trees.") var model: String
  @Argument(help: "An .npz archive.") var points: String
  @Option(help: "The array of samples.") var array = "x"
  @Option(help: "The array of labels; a misclassified point has the radius 0.") var labels =
    "labels"
  @Option(help: "A JSON list of the true radii in the points' order.") var truth: String?
  @Option(help: "The distance within which an error is counted.") var within = 0.3

  func run() throws {
    let trees = try TreeModel(opening: ONNXModel(reading: Repository.document(model)))
    let archive = try NumPyArchive(reading: Repository.document(points))
    let samples = try archive.array(named: array).floatTensor()
    let expected = try archive.array(named: labels).integers()
    let verifier = try TreeVerifier(trees)
    var radii: [Double] = []
    var open = 0
    var pairs = 0
    let clock = ContinuousClock()
    let time = try clock.measure {
      for row in 0..<samples.shape[0] {
        let sample = Array(samples.rows(row..<row + 1).elements)
        guard trees.classIndex(of: sample) == expected[row] else {
          radii.append(0)
          continue
        }
        let bracket = verifier.radius(at: sample)
        if let example = bracket.example, trees.classIndex(of: example) == expected[row] {
          throw ValidationError("the flip of point \(row) is none")
        }
        radii.append(bracket.certified)
        pairs += bracket.work
        if !bracket.isExact { open += 1 }
      }
    }
    let mean = radii.reduce(0, +) / Double(max(radii.count, 1))
    let errors = radii.count { $0 < within }
    print(
      "\(radii.count) points: mean radius \(String(format: "%.7f", mean)), error at \(within) "
        + "\(Double(errors) / Double(max(radii.count, 1))), \(open) not exact, \(pairs) pairs of "
        + "leaves, \(time.formatted(.units(allowed: [.milliseconds])))")
    if let truth { try compare(radii, with: truth) }
  }

  /// A known radius is refuted by a nearer flip that the model itself confirms; anything else is an error of ours.
  private func compare(_ radii: [Double], with truth: String) throws {
    let known = try JSONDecoder().decode(
      [Double].self, from: Data(try Repository.document(truth).bytes))
    guard known.count == radii.count else {
      throw ValidationError("\(truth) holds \(known.count) radii for \(radii.count) points")
    }
    let differing = radii.indices.filter { abs(radii[$0] - known[$0]) > 1e-6 }
    print("\(radii.count - differing.count) of \(radii.count) radii equal the known ones to 1e-6")
    for index in differing {
      let refutes = radii[index] < known[index]
      print(
        "  point \(index): \(radii[index]), known \(known[index])"
          + (refutes ? "; a nearer flip was replayed through the model" : ""))
    }
    guard differing.allSatisfy({ radii[$0] < known[$0] }) else { throw ExitCode(1) }
  }
}
