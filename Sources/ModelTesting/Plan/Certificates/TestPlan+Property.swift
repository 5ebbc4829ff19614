public import AdversarialTesting
public import EngineSupport
import YAMLDocuments

/// What must hold of the model over a whole box of readings, not around samples: an entry of `properties` in a plan.
extension TestPlan {
  public struct PropertyTest: Sendable, Hashable {
    public var name: String
    /// Where it must hold; the channels' whole ranges where nothing else is said.
    public var ranges: [ReadingRange]
    public var claim: Claim
    public var reason: String
    public var location: SourceLocation

    public enum Claim: Sendable, Hashable {
      /// The output, by place, rises or falls with each reading of a channel, but for the tolerance.
      case monotone(
        channel: Int, direction: MonotonicityRule.Direction, output: Int, tolerance: Double)
      case conditional(ConditionalRule.Consequence)
    }
  }

  /// The part of a channel's range that a property speaks of, in the channel's unit.
  public struct ReadingRange: Sendable, Hashable {
    public var channel: Int
    public var range: ClosedRange<Double>
  }
}

extension TestPlan.PropertyTest {
  /// Elements of one channel at most, each of which is checked on its own.
  private static let mostElements = 1_024

  init(
    _ value: YAMLValue, _ input: TestPlan.Input, _ task: TestPlan.Task,
    _ diagnostics: inout Diagnostics
  ) throws(Diagnostic) {
    var section = try value.section()
    name = try section.required("name").text()
    ranges =
      try section.optional("where").map { value throws(Diagnostic) in
        try Self.ranges(value, input, &diagnostics)
      } ?? []
    let claims: [Claim?] = [
      try Self.monotone("rises_with", .rising, &section, input, task),
      try Self.monotone("falls_with", .falling, &section, input, task),
      try section.optional("then").map { value throws(Diagnostic) in
        .conditional(try Self.consequence(value, task, &diagnostics))
      },
    ]
    reason = try section.required("reason").text()
    location = value.location
    section.finish(reportingTo: &diagnostics)
    guard let claim = claims.compactMap(\.self).first, claims.count(where: { $0 != nil }) == 1
    else { throw value.wrong("say one of rises_with, falls_with and then") }
    self.claim = claim
  }

  private static func ranges(
    _ list: YAMLValue, _ input: TestPlan.Input, _ diagnostics: inout Diagnostics
  ) throws(Diagnostic) -> [TestPlan.ReadingRange] {
    var ranges: [TestPlan.ReadingRange] = []
    for value in try list.elements() {
      var section = try value.section()
      let channels = try input.place(section.required("channel"))
      let ends = try section.required("range")
      let range = try ends.range(within: 1e30)
      for channel in channels {
        let sensor = input.channels[channel].range
        guard sensor.lowerBound <= range.lowerBound, range.upperBound <= sensor.upperBound else {
          throw ends.wrong("the range leaves that of \"\(input.channels[channel].name)\"")
        }
        guard !ranges.contains(where: { $0.channel == channel }) else {
          throw value.wrong("\"\(input.channels[channel].name)\" stands twice")
        }
        ranges.append(TestPlan.ReadingRange(channel: channel, range: range))
      }
      section.finish(reportingTo: &diagnostics)
    }
    return ranges
  }

  private static func monotone(
    _ key: String, _ direction: MonotonicityRule.Direction, _ section: inout YAMLSection,
    _ input: TestPlan.Input, _ task: TestPlan.Task
  ) throws(Diagnostic) -> Claim? {
    guard let value = section.optional(key) else { return nil }
    let channels = try input.place(value)
    guard let channel = channels.first, channels.count == 1 else {
      throw value.wrong("this names \(channels.count) channels: a property speaks of one")
    }
    return .monotone(
      channel: channel, direction: direction, output: try output(&section, task),
      tolerance: try section.required("tolerance").positive())
  }

  private static func consequence(
    _ value: YAMLValue, _ task: TestPlan.Task, _ diagnostics: inout Diagnostics
  ) throws(Diagnostic) -> ConditionalRule.Consequence {
    var section = try value.section()
    defer { section.finish(reportingTo: &diagnostics) }
    if let label = section.optional("class") {
      guard task.isAboutClasses else { throw label.wrong("a regression has no classes") }
      return .label(try task.output(label))
    }
    let range = try section.required("range").range(within: 1e30)
    return .output(try output(&section, task), in: range)
  }

  /// The first output where the plan does not name one.
  private static func output(
    _ section: inout YAMLSection, _ task: TestPlan.Task
  ) throws(Diagnostic) -> Int {
    try section.optional("output").map { value throws(Diagnostic) in try task.output(value) } ?? 0
  }

  /// Errors: `plan.property.output`, `plan.property.elements` where the property does not fit the model.
  func check(elements: Int, outputs: Int) throws(Diagnostic) {
    let output =
      switch claim {
      case .monotone(_, _, let output, _): output
      case .conditional(.output(let output, _)): output
      case .conditional(.label(let label)): label
      }
    guard output < outputs else {
      throw Diagnostic(
        "plan.property.output", "output \(output), counted from 0, and the model has \(outputs)",
        at: location)
    }
    if case .monotone = claim, elements > Self.mostElements {
      throw Diagnostic(
        "plan.property.elements",
        "the channel has \(elements) elements in a sample, more than \(Self.mostElements)",
        at: location)
    }
  }
}

extension TestPlan.Task {
  /// An output by the name of its class, or by its number from 0.
  fileprivate func output(_ value: YAMLValue) throws(Diagnostic) -> Int {
    let text = try value.text()
    if case .classification(let names?, _) = self, let place = names.firstIndex(of: text) {
      return place
    }
    guard let place = Int(text), (0..<1_000_000).contains(place) else {
      throw value.wrong("\"\(text)\" is neither a class nor the number of an output, from 0")
    }
    return place
  }
}
