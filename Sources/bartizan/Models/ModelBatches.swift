import AssessmentPipeline
import EngineSupport
import ModelTesting
import NeuralRuntime
import ONNXFormat
import TensorCore

/// Runs a model on a batch whose samples do not depend on each other by several threads.
///
/// Each thread runs rows of the batch by the same operators, so the bits are those of one thread.
enum ModelBatches {
  /// - Parameters:
  ///   - evaluator: The model.
  ///   - values: By input name, the whole batch along axis 0.
  ///   - jobs: Parts that run at one time, at least 1.
  ///   - isSeparable: Whether every output's axis 0 counts the samples of the one input, each computed from its
  ///     own sample.
  static func run(
    _ evaluator: ModelEvaluator, on values: [String: RuntimeValue], jobs: Int, isSeparable: Bool
  ) throws -> [ModelEvaluator.Output] {
    guard jobs > 1, isSeparable, let input = evaluator.inputs.first,
      let tensor = values[input.name]?.tensor as? Tensor<Float>, let count = tensor.shape.first,
      count > 1
    else { return try evaluator.run(values) }
    let parts = min(jobs, count)
    let ranges = (0..<parts).map { $0 * count / parts..<($0 + 1) * count / parts }
    let results = try OrderedConcurrency(width: jobs).map(ranges) { rows in
      try evaluator.run([input.name: .tensor(tensor.rows(rows))])
    }
    return results[0].indices.map { index in
      let pieces = results.compactMap { $0[index].value.tensor as? Tensor<Float> }
      precondition(pieces.count == parts, "a planned network gives reals")
      return ModelEvaluator.Output(
        name: results[0][index].name,
        value: .tensor(
          Tensor(
            shape: [count] + pieces[0].shape.dropFirst(), elements: pieces.flatMap(\.elements))))
    }
  }

  /// Whether a model is planned row by row, and has one output.
  static func isSeparable(_ model: ONNXModel) -> Bool {
    var diagnostics = Diagnostics()
    guard model.graph.outputs.count == 1, model.graph.inputs.first?.elementType == 1,
      let network = try? Network(planning: model, reportingTo: &diagnostics)
    else { return false }
    return network.isRowwise
  }
}
