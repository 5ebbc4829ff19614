public import EngineSupport

/// Readings that never arrive, in bursts: the last one is shown again.
///
/// What a receiver does with a missing reading differs; holding the last value is what most do. `filling`
/// names the others.
public struct Dropout: SensorFault {
  public enum Filling: String, Sendable, Hashable, Codable {
    case lastValue, zero, missing
  }

  public static let name = "dropout"
  public static let summary = "Readings do not arrive; the last one is shown again."
  private static let shares = [0.01, 0.05, 0.1, 0.25, 0.5]
  private static let bursts: [Double] = [1, 2, 4, 8, 16]
  public static let ladder = zip(percentages(shares, "of the readings"), bursts).map {
    "\($0), in bursts of \(Int($1))"
  }

  public var filling = Filling.lastValue

  public init() {}

  public init(filling: Filling) { self.filling = filling }

  public func disturb(
    _ recording: inout Recording, _ place: FaultPlace, severity: Int, random: inout SeededRandom
  ) {
    let samples = place.samples(of: recording)
    let burst = Int(Self.bursts.step(severity))
    let share = Self.shares.step(severity)
    // A burst begins with this probability where none is on, so that the share of lost readings is met.
    let start = share / (share + Double(burst) * (1 - share))
    var left = 0
    for time in samples {
      let draw = random.uniform()
      if left == 0, draw < start { left = burst }
      guard left > 0 else { continue }
      left -= 1
      for index in place.channels {
        switch filling {
        case .zero: recording.values[index][time] = 0
        case .missing: recording.values[index][time] = .nan
        case .lastValue where time > 0:
          recording.values[index][time] = recording.values[index][time - 1]
        case .lastValue: break
        }
      }
    }
  }
}
