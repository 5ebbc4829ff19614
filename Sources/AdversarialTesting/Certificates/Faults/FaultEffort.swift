/// How many boxes of a fault's parameters may be bounded; counted, not timed.
public struct FaultEffort: Sendable, Hashable {
  /// To bring the certified scale and the smallest refuting fault together.
  public var boxes: Int
  /// After that, to decide as much of the family's volume as possible.
  public var volumeBoxes: Int
  /// Steps that optimise the slopes of linear bounds.
  public var slopeSteps: Int

  /// Negative counts are taken as 0.
  public init(boxes: Int = 4_096, volumeBoxes: Int = 1_024, slopeSteps: Int = 5) {
    self.boxes = max(boxes, 0)
    self.volumeBoxes = max(volumeBoxes, 0)
    self.slopeSteps = max(slopeSteps, 0)
  }
}
