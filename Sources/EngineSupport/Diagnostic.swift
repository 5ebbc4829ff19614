/// One located statement about wrong or doubtful input, with a stable dotted code.
///
/// Printed as `file:line:col: severity: message [code]`. Wrong input is always a `Diagnostic` value;
/// failures of the world (disk, missing tools) are other thrown types.
public struct Diagnostic: Error, Hashable, Sendable {
  /// How much a diagnostic matters; an `error` ends the run with exit code 2.
  public enum Severity: String, Hashable, Sendable, CaseIterable, Comparable {
    case note, warning, error

    public static func < (left: Severity, right: Severity) -> Bool { left.rank < right.rank }

    private var rank: Int {
      switch self {
      case .note: 0
      case .warning: 1
      case .error: 2
      }
    }
  }

  /// A stable dotted name such as `import.xml.malformed`: part of the product's interface.
  public struct Code: Hashable, Sendable, ExpressibleByStringLiteral, CustomStringConvertible {
    public let name: String
    public init(_ name: String) { self.name = name }
    public init(stringLiteral value: String) { self.name = value }
    public var description: String { name }
  }

  public var severity: Severity
  public var code: Code
  public var message: String
  public var location: SourceLocation?
  /// What the reader can do about it, if there is something to say.
  public var hint: String?

  public init(
    _ severity: Severity, _ code: Code, _ message: String, at location: SourceLocation? = nil,
    hint: String? = nil
  ) {
    self.severity = severity
    self.code = code
    self.message = message
    self.location = location
    self.hint = hint
  }

  /// An error.
  public init(
    _ code: Code, _ message: String, at location: SourceLocation? = nil, hint: String? = nil
  ) {
    self.init(.error, code, message, at: location, hint: hint)
  }
}

extension Diagnostic: CustomStringConvertible {
  public var description: String {
    let place = location.map { "\($0): " } ?? ""
    let advice = hint.map { "\n  hint: \($0)" } ?? ""
    return "\(place)\(severity.rawValue): \(message) [\(code)]\(advice)"
  }
}

/// The diagnostics of one stage, in the order they were reported; passed `inout` through the stage.
public struct Diagnostics: Sendable {
  public private(set) var all: [Diagnostic] = []

  public init() {}

  public var hasErrors: Bool { all.contains { $0.severity == .error } }

  public mutating func report(_ diagnostic: Diagnostic) { all.append(diagnostic) }

  public mutating func report(contentsOf diagnostics: [Diagnostic]) {
    all.append(contentsOf: diagnostics)
  }
}
