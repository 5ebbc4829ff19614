public import EngineSupport

/// What an audit found, apart from the result it judges: it can be stored while a campaign is interrupted.
public struct AuditOutcome: Sendable, Hashable {
  public var checks: [SelfCheck]
  public var spent: QueryCount

  public init(checks: [SelfCheck], spent: QueryCount) {
    self.checks = checks
    self.spent = spent
  }

  public var json: JSONValue {
    .object([
      (
        "checks",
        .array(
          checks.map { .strings([$0.identifier.rawValue, $0.outcome.rawValue, $0.detail]) })
      ), ("spent", spent.json),
    ])
  }

  /// `nil` where the value is not what `json` writes.
  public init?(json: JSONValue) {
    guard let values = json["checks"]?.elements,
      let spent = json["spent"].flatMap(QueryCount.init(json:))
    else { return nil }
    let checks = values.compactMap { value -> SelfCheck? in
      guard let words = value.elements?.compactMap(\.string), words.count == 3,
        let identifier = SelfCheck.Identifier(rawValue: words[0]),
        let outcome = SelfCheck.Outcome(rawValue: words[1])
      else { return nil }
      return SelfCheck(identifier: identifier, outcome: outcome, detail: words[2])
    }
    guard checks.count == values.count else { return nil }
    self.init(checks: checks, spent: spent)
  }
}

extension CampaignResult {
  /// The result with the checks of an audit beside its own, judged again.
  public func judged(by audit: AuditOutcome) -> CampaignResult {
    var judged = self
    judged.checks = (checks + audit.checks).sorted { $0.identifier < $1.identifier }
    judged.spentByControls += audit.spent
    judged.verdict = Self.verdict(of: samples, judged.checks)
    return judged
  }
}
