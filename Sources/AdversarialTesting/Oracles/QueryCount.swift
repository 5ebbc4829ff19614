/// What an attack has asked of a model, counted in samples (rows), so that batching does not change it.
public struct QueryCount: Sendable, Hashable, Codable {
  /// Forward passes in single precision.
  public var forward: Int
  /// Backward passes; each also counts as a forward pass.
  public var backward: Int
  /// Forward passes in double precision.
  public var double: Int

  public init(forward: Int = 0, backward: Int = 0, double: Int = 0) {
    self.forward = forward
    self.backward = backward
    self.double = double
  }

  public static func += (left: inout QueryCount, right: QueryCount) {
    left.forward += right.forward
    left.backward += right.backward
    left.double += right.double
  }
}
