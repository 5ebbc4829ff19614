/// How much work a search for a least distance may take; the clock is the caller's.
public struct DistortionEffort: Sendable, Hashable {
  /// The relative gap between the ends of the bracket at which the search ends.
  public var gap: Double
  /// Most nodes of the tree of splits.
  public var nodes: Int
  /// Most exchanges of a basis, in all linear programs together.
  public var pivots: Int
  /// Most memory of nodes that wait, in bytes.
  public var memory: Int
  /// Starting points of the search for a first example, and its seed.
  public var starts: Int
  public var seed: UInt64

  public init(
    gap: Double = 1e-6, nodes: Int = 100_000, pivots: Int = 1 << 30, memory: Int = 1 << 30,
    starts: Int = 48, seed: UInt64 = 1
  ) {
    self.gap = gap
    self.nodes = nodes
    self.pivots = pivots
    self.memory = memory
    self.starts = starts
    self.seed = seed
  }
}
