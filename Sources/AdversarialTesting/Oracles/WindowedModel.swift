public import EngineSupport
public import TensorCore

/// A model of windows as a model of whole recordings, so that an attacker disturbs the recording once and
/// every overlapping window sees the same disturbance.
///
/// A recording is `[time, channels…]`; window `w` covers the instants from `w · stride`. The outputs of all
/// windows stand side by side. Gradients add up where windows overlap.
public struct WindowedModel: TargetModel {
  public let base: any TargetModel
  public let length: Int
  public let stride: Int

  private static let mostWindows = 1 << 16

  /// - Throws: `test.model.shape` when the recording is shorter than a window or the stride not positive.
  public init(_ base: any TargetModel, recording length: Int, stride: Int) throws(Diagnostic) {
    guard let window = base.inputShape.first, window > 0, length >= window, stride > 0,
      (length - window) / stride < Self.mostWindows
    else {
      throw Diagnostic(
        "test.model.shape",
        "a recording of \(length) instants does not hold windows of shape \(base.inputShape)")
    }
    self.base = base
    self.length = length
    self.stride = stride
  }

  private var instant: Int { base.inputShape.dropFirst().reduce(1, *) }
  private var window: Int { base.inputShape[0] * instant }
  public var windowCount: Int { (length - base.inputShape[0]) / stride + 1 }
  public var hasExactGradient: Bool { base.hasExactGradient }
  public var inputShape: [Int] { [length] + base.inputShape.dropFirst() }
  public var classCount: Int { windowCount * base.classCount }

  public func scores(of batch: Tensor<Float>) throws -> Tensor<Float> {
    let scores = try base.scores(of: windows(of: batch))
    return scores.reshaped(to: [batch.shape[0], classCount])
  }

  public func scoresInDouble(of batch: Tensor<Double>) throws -> Tensor<Double> {
    let scores = try base.scoresInDouble(of: windows(of: batch))
    return scores.reshaped(to: [batch.shape[0], classCount])
  }

  public func gradient(
    at batch: Tensor<Float>, of cotangent: @Sendable (Tensor<Float>) -> Tensor<Float>
  ) throws -> (scores: Tensor<Float>, gradient: Tensor<Float>) {
    let rows = batch.shape[0]
    let answer = try base.gradient(at: windows(of: batch)) { scores in
      cotangent(scores.reshaped(to: [rows, classCount])).reshaped(to: scores.shape)
    }
    var gradient = [Float](repeating: 0, count: batch.count)
    for row in 0..<rows {
      for number in 0..<windowCount {
        let source = (row * windowCount + number) * window
        let target = row * length * instant + number * stride * instant
        for index in 0..<window {
          gradient[target + index] += answer.gradient.elements[source + index]
        }
      }
    }
    return (
      answer.scores.reshaped(to: [rows, classCount]),
      Tensor(shape: batch.shape, elements: gradient)
    )
  }

  private func windows<Element: Sendable>(of batch: Tensor<Element>) -> Tensor<Element> {
    let rows = batch.shape[0]
    var elements: [Element] = []
    elements.reserveCapacity(rows * windowCount * window)
    for row in 0..<rows {
      for number in 0..<windowCount {
        let start = row * length * instant + number * stride * instant
        elements += batch.elements[start..<start + window]
      }
    }
    return Tensor(shape: [rows * windowCount] + base.inputShape, elements: elements)
  }
}

extension WindowedModel {
  /// The goal that some window reaches one of the alternatives of a single window's outputs.
  public func inAnyWindow(_ alternatives: [[OutputInequality]]) -> AttackGoal {
    .violation(
      (0..<windowCount).flatMap { number in
        alternatives.map { terms in
          terms.map { term in
            var coefficients = [Double](repeating: 0, count: classCount)
            for (index, value) in term.coefficients.prefix(base.classCount).enumerated() {
              coefficients[number * base.classCount + index] = value
            }
            return OutputInequality(coefficients: coefficients, exceeds: term.bound)
          }
        }
      })
  }
}
