import AdversarialTesting
import TensorCore

/// How far a regression is off on the samples as they are, before anybody disturbs them.
public struct RegressionError: Sendable, Hashable {
  public var samples: Int
  /// Over all samples and outputs, in the output's unit.
  public var meanAbsolute: Double
  public var largest: Double
  /// The row in the evaluation data that has the largest.
  public var row: Int
  public var unit: String
}

extension RegressionError {
  /// - Parameters:
  ///   - targets: True values, one row after the other.
  ///   - rows: Rows of the evaluation data, one for each sample.
  /// - Throws: what the model throws.
  init?(
    of model: any TargetModel, on inputs: Tensor<Float>, targets: [Float], rows: [Int],
    unit: String
  ) throws {
    let outputs = try model.scores(of: inputs).elements
    guard !outputs.isEmpty, outputs.count == targets.count else { return nil }
    var (sum, largest, place) = (0.0, 0.0, 0)
    for (index, output) in outputs.enumerated() {
      let error = abs(Double(output) - Double(targets[index]))
      sum += error
      if error > largest { (largest, place) = (error, index) }
    }
    self.init(
      samples: rows.count, meanAbsolute: sum / Double(outputs.count), largest: largest,
      row: rows[place / model.classCount], unit: unit)
  }
}
