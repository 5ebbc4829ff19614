public import AdversarialTesting
public import EngineSupport
import YAMLDocuments

/// Streams in which every attacker bends each instant once, seen by all windows that hold it: the section `streams` of
/// a plan.
extension TestPlan {
  public struct StreamTest: Sendable {
    /// Streams: samples that are longer along the axis `time`.
    public var data: Data
    /// Instants from the start of one window to that of the next.
    public var step: Int
    /// The first instant that an attacker can change; earlier ones were delivered before the attack began.
    public var onset: Int
    /// Which windows must be wrong.
    public var rule: StreamGoal.Rule
    public var acceptance: Acceptance?
    public var reason: String
    public var location: SourceLocation
  }
}

extension TestPlan.StreamTest {
  init(
    _ value: YAMLValue, _ input: TestPlan.Input, _ task: TestPlan.Task,
    _ diagnostics: inout Diagnostics
  ) throws(Diagnostic) {
    var section = try value.section()
    data = try TestPlan.Data(&section, needsLabels: task.isAboutClasses, &diagnostics)
    step = try section.optional("step")?.integer(in: 1...1_000_000) ?? 1
    onset = try section.optional("onset")?.integer(in: 0...1_000_000) ?? 0
    var isDetector = false
    if case .classification(_, .some) = task { isDetector = true }
    let named = section.optional("wrong_when")
    rule =
      try named?.choice(of: StreamGoal.Rule.self) ?? (isDetector ? .event : .anyWindow)
    guard rule != .event || isDetector else {
      throw (named ?? value).wrong("events need a `quiet_class`, which says what is no alarm")
    }
    acceptance = try section.optional("acceptance").map { value throws(Diagnostic) in
      try TestPlan.Acceptance(value, &diagnostics)
    }
    reason = try section.required("reason").text()
    location = value.location
    section.finish(reportingTo: &diagnostics)
    guard input.axis(.time) != nil else {
      throw value.wrong("streams are longer along an axis `time`, and the layout has none")
    }
  }

  /// What an attacker wants of this many windows.
  func goal(of task: TestPlan.Task, windows: Int, outputs: Int) -> AttackGoal {
    switch task {
    case .classification(_, let quiet):
      .stream(StreamGoal(rule, windows: windows, outputs: outputs, quiet: quiet))
    case .regression(let tolerance, _):
      .stream(StreamGoal(rule, windows: windows, outputs: outputs, tolerance: tolerance))
    }
  }
}

extension TestPlan {
  /// What breaks a stream, in words.
  public func claim(of streams: StreamTest) -> String {
    switch (streams.rule, task) {
    case (.event, .classification(_, let quiet?)):
      "an event goes unnoticed when every window answers \(name(ofClass: quiet)); a quiet stream raises a "
        + "false alarm when any window answers another class"
    case (.everyWindow, .classification), (.event, _):
      "a stream is misread when every window's answer is wrong"
    case (.anyWindow, .classification): "a stream is misread when any window's answer is wrong"
    case (.everyWindow, .regression(let tolerance, let unit)):
      "a stream is broken when every window's answer moves by more than "
        + "\(DecimalText.quantity(tolerance)) \(unit)"
    case (.anyWindow, .regression(let tolerance, let unit)):
      "a stream is broken when any window's answer moves by more than "
        + "\(DecimalText.quantity(tolerance)) \(unit)"
    }
  }
}
