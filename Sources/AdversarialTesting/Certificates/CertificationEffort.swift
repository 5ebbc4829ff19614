/// How much work a certificate may take. Everything is counted and nothing is timed, so that the same effort gives
/// the same certificate on any machine.
public struct CertificationEffort: Sendable, Hashable {
  /// Steps that optimise the slopes of linear bounds; 0 leaves them as they are.
  public var slopeSteps: Int
  /// Boxes bounded for one question; 0 for no splitting.
  public var boxes: Int
  /// Halvings between the last budget that was proved and the first that was not.
  public var bisections: Int
  /// Starting points of the search for a violation that comes before splitting.
  public var starts: Int
  public var seed: UInt64

  /// Negative counts are taken as 0.
  public init(
    slopeSteps: Int = 20, boxes: Int = 256, bisections: Int = 0, starts: Int = 8, seed: UInt64 = 1
  ) {
    self.slopeSteps = max(slopeSteps, 0)
    self.boxes = max(boxes, 0)
    self.bisections = max(bisections, 0)
    self.starts = max(starts, 0)
    self.seed = seed
  }
}
