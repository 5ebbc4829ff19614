public import EngineSupport

/// One conclusion of an assessment, with everything it rests on.
public struct Finding: Sendable {
  /// How much a finding matters; `--fail-on` compares against it.
  public enum Severity: String, Sendable, Hashable, CaseIterable, Comparable {
    case info, low, medium, high, critical

    public static func < (left: Severity, right: Severity) -> Bool { left.rank < right.rank }

    var rank: Int { Self.allCases.firstIndex(of: self) ?? 0 }

    /// `steps` levels down, not below `info`.
    func lowered(by steps: Int) -> Severity { Self.allCases[max(0, rank - steps)] }
  }

  public enum Kind: String, Sendable, Hashable, CaseIterable {
    /// A consequence can be reached.
    case attackPath = "attack-path"
    /// A test of a model succeeded, or could not be trusted.
    case modelTest = "model-test"
    /// A document says something else than the bytes do, or says nothing.
    case lineage
    /// A component does not reach the security level that is asked of it.
    case securityLevel = "security-level"
    /// The drawing leaves a question open.
    case drawing
  }

  /// What stands behind the statement, apart from how likely it is.
  public enum Verdict: String, Sendable, Hashable, CaseIterable {
    /// A test demonstrated it on the very bytes that were given.
    case provenByTest = "proven by test"
    /// The rules derive it, and at least one step on the way carries a measured rate.
    case measuredInPart = "measured in part"
    /// The rules derive it, and its likelihood rests on a defence that is only claimed to be in place.
    case claimed
    /// The rules of the threat language derive it; no test was run on it.
    case supportedByRule = "supported by rule"
    /// A test tried to demonstrate it and did not succeed.
    case refutedByTest = "refuted by test"
    /// A test ran, but one of its self-checks failed.
    case inconclusive
    /// It asks for a test that cannot be run on what was given.
    case untestable
    /// A question that the inputs leave open.
    case open
    /// The inputs themselves show it.
    case observed
  }

  /// Stable across runs as long as the finding says the same thing about the same part: `unsafe-set-point/sensor`.
  public var id: String
  public var kind: Kind
  public var severity: Severity
  public var verdict: Verdict
  public var title: String
  public var statement: String
  /// What to do next, in one sentence.
  public var advice: String
  /// For attack paths: the consequence and its paths.
  public var attack: AttackAnalysis?
  public var evidence: [Evidence]
  /// Digest of everything above: changes exactly when something the finding depends on changes.
  public var fingerprint: ContentDigest

  /// One thing a finding rests on, and the ledger record that carries its digest.
  public struct Evidence: Sendable, Hashable {
    public enum Role: String, Sendable, Hashable, CaseIterable {
      case diagramCell = "diagram cell"
      case rule
      case testRun = "test run"
      /// Something the product file says and nobody has proved: a defence, an entry point, a consequence.
      case claim
      case descriptor
      case file
    }

    public var role: Role
    public var name: String
    public var location: SourceLocation?
    /// Digest of the cell, rule, record or file itself.
    public var digest: ContentDigest
    /// Identifier of the ledger record.
    public var record: ContentDigest
  }
}
