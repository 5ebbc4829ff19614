public import AdversarialTesting
public import EngineSupport
import YAMLDocuments

/// A sensor fault as a family with one to four numbers, over all of which each sample's answer is proved, refuted or
/// left open: an entry of `fault_certificates` in a plan.
extension TestPlan {
  public struct FaultCertificateTest: Sendable, Hashable {
    /// Whose front the fault stands for: what the attacker there could bring about; `nil` for anybody's fault.
    public var front: Front?
    /// Places of the channels that the fault meets together.
    public var channels: [Int]
    public var parameters: [ParametricFault.Parameter]
    /// The first instant that is disturbed; 0 for a snapshot.
    public var onset: Int
    /// Samples certified at most, from the first drawn on.
    public var samples: Int
    public var reason: String
    public var location: SourceLocation
  }
}

extension TestPlan.FaultCertificateTest {
  init(
    _ value: YAMLValue, _ input: TestPlan.Input, _ attackers: [TestPlan.Attacker],
    _ diagnostics: inout Diagnostics
  ) throws(Diagnostic) {
    var section = try value.section()
    var reachable = Array(input.channels.indices)
    front = try section.optional("front").map { value throws(Diagnostic) in
      let front = try value.choice(of: TestPlan.Front.self)
      guard let attacker = attackers.first(where: { $0.front == front }) else {
        throw value.wrong("no attacker stands at the front \(front.rawValue)")
      }
      reachable = attacker.writes
      return front
    }
    channels = reachable
    if let value = section.optional("channels") {
      channels = try input.places(value)
      if let front, let place = channels.first(where: { !reachable.contains($0) }) {
        throw value.wrong(
          "the attacker at the front \(front.rawValue) cannot write \"\(input.channels[place].name)\""
        )
      }
    }
    let hasTime = input.axis(.time) != nil
    let units = Set(channels.map { input.channels[$0].unit })
    parameters = []
    for kind in ParametricFault.Kind.allCases {
      guard let value = section.optional(kind.rawValue) else { continue }
      guard hasTime || !kind.needsTime else {
        throw value.wrong("\(kind.rawValue) needs an axis `time`")
      }
      guard units.count == 1 || !kind.isInUnits else {
        throw value.wrong("the channels have several units: give each its own entry")
      }
      let range = try value.range(within: ParametricFault.greatest)
      guard range.lowerBound <= 0, range.upperBound >= 0 else {
        throw value.wrong("the range must hold 0, which is no fault")
      }
      guard
        kind != .delay || range.lowerBound == 0 && range.upperBound <= ParametricFault.longestDelay
      else {
        throw value.wrong(
          "a delay reaches from 0 to at most \(Int(ParametricFault.longestDelay)) periods")
      }
      parameters.append(
        ParametricFault.Parameter(kind, least: range.lowerBound, most: range.upperBound))
    }
    onset = try section.optional("onset")?.integer(in: 0...1_000_000) ?? 0
    samples = try section.optional("samples")?.integer(in: 1...100_000) ?? 24
    reason = try section.required("reason").text()
    location = value.location
    section.finish(reportingTo: &diagnostics)
    guard !parameters.isEmpty else {
      throw value.wrong(
        "say at least one of "
          + ParametricFault.Kind.allCases.map(\.rawValue).joined(separator: ", "))
    }
  }

  /// The fault over the axes of the plan's input.
  ///
  /// Errors: `plan.fault.onset` where the sample ends before the fault begins.
  func fault(over input: TestPlan.Input, shape: [Int]) throws(Diagnostic) -> ParametricFault {
    let time = input.axis(.time)
    let instants = time.map { shape[$0] } ?? 1
    guard onset < instants else {
      throw Diagnostic(
        "plan.fault.onset",
        "the fault begins at instant \(onset), a sample has \(instants), counted from 0",
        at: location)
    }
    return try ParametricFault(
      parameters, timeAxis: time, channelAxis: input.axis(.channel),
      channels: input.axis(.channel) == nil ? nil : channels, onset: onset)
  }
}

extension ParametricFault.Kind {
  /// Whether its numbers are in the channel's own unit.
  var isInUnits: Bool { self == .offset || self == .drift }
}

extension YAMLValue {
  /// Two numbers, the lower first, of magnitude `limit` at most.
  func range(within limit: Double) throws(Diagnostic) -> ClosedRange<Double> {
    let ends = try elements()
    guard ends.count == 2 else { throw wrong("a range has a lower and an upper end") }
    let (low, high) = (try ends[0].number(), try ends[1].number())
    guard low < high else { throw wrong("\(low) is not below \(high)") }
    guard abs(low) <= limit, abs(high) <= limit else {
      throw wrong("the ends of this range lie within ±\(limit)")
    }
    return low...high
  }

  /// Each element of a list that is not empty, read.
  func each<Element>(
    _ read: (YAMLValue) throws(Diagnostic) -> Element
  ) throws(Diagnostic) -> [Element] {
    var results: [Element] = []
    for value in try elements() { results.append(try read(value)) }
    guard !results.isEmpty else { throw wrong("the list is empty") }
    return results
  }
}
