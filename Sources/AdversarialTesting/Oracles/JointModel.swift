public import EngineSupport
public import TensorCore

/// Two models that see the same sample, their outputs side by side: a model and the detector that watches it.
///
/// With `AttackGoal.concealed` or `.violation` the attacker must mislead the first while the second stays
/// silent.
public struct JointModel: TargetModel {
  public let first: any TargetModel
  public let second: any TargetModel

  /// - Throws: `test.model.shape` when the models take samples of different shapes.
  public init(_ first: any TargetModel, _ second: any TargetModel) throws(Diagnostic) {
    guard first.inputShape == second.inputShape else {
      throw Diagnostic(
        "test.model.shape",
        "a model takes samples of shape \(first.inputShape), its detector \(second.inputShape)")
    }
    self.first = first
    self.second = second
  }

  public var hasExactGradient: Bool { first.hasExactGradient && second.hasExactGradient }
  public var inputShape: [Int] { first.inputShape }
  public var classCount: Int { first.classCount + second.classCount }

  public func scores(of batch: Tensor<Float>) throws -> Tensor<Float> {
    joined(try first.scores(of: batch), try second.scores(of: batch))
  }

  public func scoresInDouble(of batch: Tensor<Double>) throws -> Tensor<Double> {
    joined(try first.scoresInDouble(of: batch), try second.scoresInDouble(of: batch))
  }

  /// The sum of both models' products; each is asked once for its scores and once for its gradient.
  public func gradient(
    at batch: Tensor<Float>, of cotangent: @Sendable (Tensor<Float>) -> Tensor<Float>
  ) throws -> (scores: Tensor<Float>, gradient: Tensor<Float>) {
    let scores = try scores(of: batch)
    let pulled = cotangent(scores)
    let parts = (
      columns(pulled, from: 0, count: first.classCount),
      columns(pulled, from: first.classCount, count: second.classCount)
    )
    var gradient = try first.gradient(at: batch) { _ in parts.0 }.gradient
    let other = try second.gradient(at: batch) { _ in parts.1 }.gradient
    for index in 0..<gradient.count { gradient.elements[index] += other.elements[index] }
    return (scores, gradient)
  }

  private func joined<Element: Sendable>(
    _ left: Tensor<Element>, _ right: Tensor<Element>
  ) -> Tensor<Element> {
    let rows = left.shape[0]
    var elements: [Element] = []
    elements.reserveCapacity(left.count + right.count)
    for row in 0..<rows {
      elements += left.elements[row * first.classCount..<(row + 1) * first.classCount]
      elements += right.elements[row * second.classCount..<(row + 1) * second.classCount]
    }
    return Tensor(shape: [rows, classCount], elements: elements)
  }

  private func columns(_ tensor: Tensor<Float>, from: Int, count: Int) -> Tensor<Float> {
    let rows = tensor.shape[0]
    var elements: [Float] = []
    elements.reserveCapacity(rows * count)
    for row in 0..<rows {
      let start = row * classCount + from
      elements += tensor.elements[start..<start + count]
    }
    return Tensor(shape: [rows, count], elements: elements)
  }
}
