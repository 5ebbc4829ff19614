/// How much work a check may take; the clock is the caller's.
public struct VerificationEffort: Sendable, Hashable {
  /// Boxes to bound before giving up.
  public var boxes: Int
  /// Starting points of the search for a violation in each case, and its steps.
  public var starts: Int
  public var steps: Int
  public var seed: UInt64
  /// Whether splitting ends once the gains of the splits so far say that the boxes will not do
  /// (`SplittingForecast`): an answer is then given up that would hardly have come.
  public var endsWhenHopeless = false

  public init(boxes: Int = .max, starts: Int = 48, steps: Int = 40, seed: UInt64 = 1) {
    self.boxes = boxes
    self.starts = starts
    self.steps = steps
    self.seed = seed
  }
}
