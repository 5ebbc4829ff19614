/// A constant in both precisions, so that one network runs in `Float` and is checked in `Double`.
public struct DualTensor: Sendable {
  public let float: Tensor<Float>
  public let double: Tensor<Double>

  /// Both must have the same shape.
  public init(float: Tensor<Float>, double: Tensor<Double>) {
    precondition(float.shape == double.shape, "both precisions have one shape")
    self.float = float
    self.double = double
  }

  /// Widens exactly.
  public init(_ float: Tensor<Float>) {
    self.init(
      float: float, double: Tensor(shape: float.shape, elements: float.elements.map(Double.init)))
  }

  /// Rounds to nearest for the `Float` copy.
  public init(_ double: Tensor<Double>) {
    self.init(
      float: Tensor(shape: double.shape, elements: double.elements.map { Float($0) }),
      double: double)
  }

  public var shape: [Int] { float.shape }
}
