/// A measured success rate that stands for the probability of one step of one asset.
public struct Measurement: Sendable, Hashable {
  public var asset: String
  public var step: String
  /// Successes over trials, 0…1.
  public var rate: Double
  /// Bounds of the confidence interval of the rate.
  public var lower: Double
  public var upper: Double
  /// The test run that gave it.
  public var testRun: String

  public init(
    asset: String, step: String, rate: Double, lower: Double, upper: Double, testRun: String
  ) {
    self.asset = asset
    self.step = step
    self.rate = rate
    self.lower = lower
    self.upper = upper
    self.testRun = testRun
  }
}
