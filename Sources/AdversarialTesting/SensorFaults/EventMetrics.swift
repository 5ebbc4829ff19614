/// How well alarms match events in time: whole events and whole alarms are counted, not single samples.
///
/// Source: the event-wise counting of Hundman et al., KDD 2018, with the delay to detection beside it.
public struct EventMetrics: Sendable, Hashable {
  /// Events with an alarm between their onset and `grace` samples after their end.
  public private(set) var detected = 0
  public private(set) var missed = 0
  /// Alarms (runs of raised samples) that touch no event.
  public private(set) var falseAlarms = 0
  public private(set) var trueAlarms = 0
  /// By detected event, in order: samples from its onset to the first alarm.
  public private(set) var delays: [Int] = []

  /// - Parameters:
  ///   - events: Half-open ranges of samples, in order, without overlap.
  ///   - raised: By sample, whether the detector says so.
  ///   - grace: Samples after an event in which an alarm still counts for it.
  public init(events: [Range<Int>], raised: [Bool], grace: Int = 0) {
    let alarms = Self.runs(of: raised)
    let windows = events.map { $0.lowerBound..<min($0.upperBound + max(grace, 0), raised.count) }
    for window in windows {
      // An alarm that was on before the event began is seen at its onset.
      let hits = alarms.filter { $0.overlaps(window) }
      guard let first = hits.first else {
        missed += 1
        continue
      }
      detected += 1
      delays.append(max(first.lowerBound - window.lowerBound, 0))
    }
    for alarm in alarms {
      if windows.contains(where: { $0.overlaps(alarm) }) {
        trueAlarms += 1
      } else {
        falseAlarms += 1
      }
    }
  }

  private static func runs(of raised: [Bool]) -> [Range<Int>] {
    var runs: [Range<Int>] = []
    var start: Int?
    for (time, isRaised) in raised.enumerated() {
      if isRaised, start == nil { start = time }
      if !isRaised, let first = start {
        runs.append(first..<time)
        start = nil
      }
    }
    if let first = start { runs.append(first..<raised.count) }
    return runs
  }

  /// Share of events that were detected; nil without events.
  public var recall: Double? {
    detected + missed == 0 ? nil : Double(detected) / Double(detected + missed)
  }

  /// Share of alarms that were right; nil without alarms.
  public var precision: Double? {
    trueAlarms + falseAlarms == 0 ? nil : Double(trueAlarms) / Double(trueAlarms + falseAlarms)
  }

  /// The harmonic mean of both; nil where one is.
  public var f1: Double? {
    guard let recall, let precision else { return nil }
    return recall + precision == 0 ? 0 : 2 * recall * precision / (recall + precision)
  }
}
