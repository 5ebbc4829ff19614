public import EngineSupport

/// All channels of a group move together along one direction that their measurement model allows, so that
/// a check of one against the other sees nothing.
///
/// Source: Liu, Ning, Reiter, "False data injection attacks against state estimation in electric power
/// grids", CCS 2009: a change a = H c leaves the residual as it was.
public struct CoordinatedInjection: SensorFault {
  public static let name = "coordinated-injection"
  public static let summary = "Several channels move together so that comparing them shows nothing."
  private static let shares = [0.01, 0.02, 0.04, 0.08, 0.16]
  public static let ladder = percentages(shares, "of the span, together")

  /// By channel of the place: its share of the common movement (a column of the measurement matrix), in
  /// spans; 1 for each if there are none.
  public var direction: [Double] = []

  public init() {}

  public init(direction: [Double]) { self.direction = direction }

  public func disturb(
    _ recording: inout Recording, _ place: FaultPlace, severity: Int, random: inout SeededRandom
  ) {
    for (position, index) in place.channels.enumerated() {
      let share = position < direction.count ? direction[position] : 1
      let change = share * Self.shares.step(severity) * recording.channels[index].span
      for time in place.samples(of: recording) { recording.values[index][time] += change }
    }
  }
}
