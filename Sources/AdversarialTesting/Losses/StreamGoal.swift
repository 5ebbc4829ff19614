/// What an attacker wants of a model that answers for each window of a stream: which windows must be wrong.
///
/// The outputs of all windows stand side by side, `outputs` for each of `windows`.
public struct StreamGoal: Sendable, Hashable, Codable {
  /// Which windows decide.
  public enum Rule: String, Sendable, Hashable, CaseIterable, Codable {
    /// Of a detector: an event goes unnoticed when every window answers the quiet class; a quiet stream raises
    /// a false alarm when any window answers another.
    case event
    case anyWindow = "any-window"
    case everyWindow = "every-window"
  }

  public var rule: Rule
  public var windows: Int
  /// Outputs of one window.
  public var outputs: Int
  /// The class that raises no alarm; of the rule `event`.
  public var quiet: Int?
  /// Of a regression: a window is wrong when an output moves by more than this from that of the clean stream.
  public var tolerance: Double?

  public init(
    _ rule: Rule, windows: Int, outputs: Int, quiet: Int? = nil, tolerance: Double? = nil
  ) {
    self.rule = rule
    self.windows = windows
    self.outputs = outputs
    self.quiet = quiet
    self.tolerance = tolerance
  }

  /// Whether the numbers fit each other and a model with this many outputs in all.
  func fits(outputs total: Int, labels: [Int]) -> Bool {
    let (product, overflow) = windows.multipliedReportingOverflow(by: outputs)
    guard windows > 0, outputs > 0, !overflow, product == total else { return false }
    if let tolerance {
      return tolerance.isFinite && tolerance >= 0 && rule != .event
    }
    guard outputs >= 2, labels.allSatisfy({ (0..<outputs).contains($0) }) else { return false }
    return rule != .event || quiet.map { (0..<outputs).contains($0) } ?? false
  }

  /// Whether a stream with this label is broken only when every window is.
  func needsEveryWindow(label: Int) -> Bool {
    switch rule {
    case .everyWindow: true
    case .anyWindow: false
    case .event: label != quiet
    }
  }

  /// Of classes: the answer to the whole stream. The label where the goal is not reached, of a detector the first
  /// alarm or quiet; otherwise the first wrong answer.
  func answer<Score: BinaryFloatingPoint>(_ scores: [Score], from start: Int, label: Int) -> Int {
    guard tolerance == nil else { return 0 }
    let answers = (0..<windows).map { window in
      var best = 0
      let first = start + window * outputs
      for index in 1..<outputs where scores[first + index] > scores[first + best] { best = index }
      return best
    }
    if rule == .event, let quiet { return answers.first { $0 != quiet } ?? quiet }
    if rule == .everyWindow, answers.contains(label) { return label }
    return answers.first { $0 != label } ?? label
  }
}
