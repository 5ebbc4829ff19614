public import EngineSupport
public import TensorCore

/// A model of windows as a model of whole streams, so that an attacker bends each instant once and every
/// overlapping window sees the same value.
///
/// A stream has the shape of a window but for its time axis, which is longer; window `w` covers the instants
/// from `w · stride`. The outputs of all windows stand side by side. Gradients add up where windows overlap.
public struct WindowedModel: TargetModel {
  public let base: any TargetModel
  /// Instants of a stream.
  public let length: Int
  public let stride: Int
  /// The time axis of a window.
  public let axis: Int

  private static let mostWindows = 1 << 12
  /// Elements of all windows of one stream.
  private static let mostElements = 1 << 21

  /// - Throws: `test.model.shape` when the stream is shorter than a window, the stride not positive, or the
  ///   windows of one stream are too many to be held.
  public init(
    _ base: any TargetModel, recording length: Int, stride: Int, axis: Int = 0
  ) throws(Diagnostic) {
    guard base.inputShape.indices.contains(axis), base.inputShape[axis] > 0,
      length >= base.inputShape[axis], stride > 0
    else {
      throw Diagnostic(
        "test.model.shape",
        "a recording of \(length) instants does not hold windows of shape \(base.inputShape)")
    }
    let windows = (length - base.inputShape[axis]) / stride + 1
    let elements = base.inputShape.reduce(1, *)
    guard windows <= Self.mostWindows, windows <= max(1, Self.mostElements / elements),
      length / base.inputShape[axis] <= Self.mostElements / elements
    else {
      throw Diagnostic(
        "test.model.shape",
        "a recording of \(length) instants has \(windows) windows of \(elements) elements: more than "
          + "\(Self.mostWindows) windows or \(Self.mostElements) elements")
    }
    self.base = base
    self.length = length
    self.stride = stride
    self.axis = axis
  }

  /// Elements of one step along the time axis, and how often the axis starts anew in a sample.
  private var inner: Int { base.inputShape[(axis + 1)...].reduce(1, *) }
  private var outer: Int { base.inputShape[..<axis].reduce(1, *) }
  public var windowCount: Int { (length - base.inputShape[axis]) / stride + 1 }
  public var hasExactGradient: Bool { base.hasExactGradient }
  public var classCount: Int { windowCount * base.classCount }
  public var blockRows: Int { max(1, base.blockRows / windowCount) }

  public var inputShape: [Int] {
    var shape = base.inputShape
    shape[axis] = length
    return shape
  }

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
    return (
      answer.scores.reshaped(to: [rows, classCount]), summed(answer.gradient, over: batch.shape)
    )
  }

  public func gradientInDouble(
    at batch: Tensor<Double>, of cotangent: @Sendable (Tensor<Double>) -> Tensor<Double>
  ) throws -> Tensor<Double>? {
    let rows = batch.shape[0]
    let gradient = try base.gradientInDouble(at: windows(of: batch)) { scores in
      cotangent(scores.reshaped(to: [rows, classCount])).reshaped(to: scores.shape)
    }
    return gradient.map { summed($0, over: batch.shape) }
  }

  /// Calls `copy` with each stretch of `count` elements that a window shares with its stream.
  private func eachStretch(rows: Int, _ copy: (_ window: Int, _ stream: Int, _ count: Int) -> Void)
  {
    let count = base.inputShape[axis] * inner
    var window = 0
    for row in 0..<rows {
      for number in 0..<windowCount {
        for part in 0..<outer {
          copy(window, ((row * outer + part) * length + number * stride) * inner, count)
          window += count
        }
      }
    }
  }

  private func windows<Element: Sendable>(of batch: Tensor<Element>) -> Tensor<Element> {
    let rows = batch.shape[0]
    var elements: [Element] = []
    elements.reserveCapacity(rows * windowCount * outer * base.inputShape[axis] * inner)
    eachStretch(rows: rows) { _, stream, count in
      elements += batch.elements[stream..<stream + count]
    }
    return Tensor(shape: [rows * windowCount] + base.inputShape, elements: elements)
  }

  private func summed<Element: FloatingPoint & Sendable>(
    _ gradient: Tensor<Element>, over shape: [Int]
  ) -> Tensor<Element> {
    var sums = [Element](repeating: 0, count: shape.reduce(1, *))
    eachStretch(rows: shape[0]) { window, stream, count in
      for index in 0..<count { sums[stream + index] += gradient.elements[window + index] }
    }
    return Tensor(shape: shape, elements: sums)
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
