import AdversarialTesting
package import EngineSupport
package import NeuralRuntime
package import TensorCore

/// A planned network as the target of attacks: logits, batch first.
package struct NetworkTarget: TargetModel {
  private let network: Network

  /// Attacks need gradients of the logits, so a final Softmax is left out.
  package init(_ network: Network, at location: SourceLocation) throws(Diagnostic) {
    self.network = network.withoutFinalSoftmax
    guard self.network.output.shape.count == 1 else {
      throw Diagnostic(
        "test.model.output",
        "the output \"\(network.output.name)\" has the shape \(network.output.shape) per sample; "
          + "tests take one row of scores or values a sample",
        at: location)
    }
    guard self.network.isDifferentiable else {
      throw Diagnostic(
        "test.model.no-gradient", "an operator of the model has no derivative here", at: location)
    }
  }

  /// Not so with quantised operators, whose roundings have no derivative.
  package var hasExactGradient: Bool {
    !network.operatorHistogram.keys.contains {
      $0.contains("Quantize") || $0.hasPrefix("QLinear") || $0.hasSuffix("Integer")
    }
  }

  package var inputShape: [Int] { network.input.shape }
  package var classCount: Int { network.output.shape[0] }
  package var blockRows: Int { network.blockRows }

  package func scores(of batch: Tensor<Float>) throws -> Tensor<Float> {
    try network.outputs(for: batch)
  }

  package func gradient(
    at batch: Tensor<Float>, of cotangent: @Sendable (Tensor<Float>) -> Tensor<Float>
  ) throws -> (scores: Tensor<Float>, gradient: Tensor<Float>) {
    let answer = try network.gradient(at: batch, cotangent: cotangent)
    return (answer.outputs, answer.gradient)
  }

  package func scoresInDouble(of batch: Tensor<Double>) throws -> Tensor<Double> {
    try network.outputs(for: batch)
  }

  package func gradientInDouble(
    at batch: Tensor<Double>, of cotangent: @Sendable (Tensor<Double>) -> Tensor<Double>
  ) throws -> Tensor<Double>? {
    try network.gradient(at: batch, cotangent: cotangent).gradient
  }
}
