/// What attackers achieved over streams, where each instant is bent once and every window sees it.
public struct StreamResult: Sendable {
  public var test: TestPlan.StreamTest
  /// Rows of the streams' data that were tested, ascending.
  public var rows: [Int]
  /// Instants of a stream, and windows over it.
  public var length: Int
  public var windows: Int
  /// In the plan's order; the last campaign of each is that of the attacker who decides instant by instant, where
  /// there is one.
  public var attackers: [AttackerResult]
}
