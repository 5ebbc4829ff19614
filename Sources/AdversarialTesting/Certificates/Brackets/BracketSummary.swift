public import EngineSupport
public import TensorCore

/// A campaign's headline: at each budget robust accuracy lies between what is certified and what withstood the
/// attack.
public struct BracketSummary: Sendable, Hashable {
  /// One budget.
  public struct Row: Sendable, Hashable {
    /// In engineering units.
    public var budget: Double
    public var samples: Int
    /// Samples classified correctly for which no example can exist within the budget.
    public var certified: Int
    /// Samples classified correctly for which none was found.
    public var withstood: Int
    public var certifiedInterval: ClopperPearson
    public var withstoodInterval: ClopperPearson

    /// Robust accuracy in the population lies between these with at least 95 % confidence: each end is a one-sided
    /// limit at 97.5 %.
    public var limits: ClosedRange<Double> {
      certifiedInterval.lower...max(certifiedInterval.lower, withstoodInterval.upper)
    }

    /// Shares of the samples at hand.
    public var certifiedShare: Double { samples == 0 ? 0 : Double(certified) / Double(samples) }
    public var withstoodShare: Double { samples == 0 ? 1 : Double(withstood) / Double(samples) }

    /// The headline in words.
    public var text: String {
      "robust accuracy between \(Self.percent(certifiedShare)) (certified) and "
        + "\(Self.percent(withstoodShare)) (attacked); with 95 % confidence between "
        + "\(Self.percent(limits.lowerBound, .down)) and \(Self.percent(limits.upperBound, .up))"
    }

    /// One decimal; the ends of an interval are rounded outwards.
    private static func percent(
      _ share: Double, _ rule: FloatingPointRoundingRule = .toNearestOrEven
    ) -> String {
      let tenths = Int((share * 1_000).rounded(rule))
      return "\(tenths / 10).\(tenths % 10) %"
    }
  }

  /// In the order of the evaluation data.
  public let brackets: [Bracket]
  /// Ascending budgets.
  public let rows: [Row]

  /// Joins a campaign with certificates for the same goal and limits.
  ///
  /// - Parameter certificates: One for each sample, in order; nil where none was asked for.
  /// Errors: `test.certificate.count`, `test.certificate.contradicted`.
  public init(
    _ result: CampaignResult, certificates: [CertifiedRadius?]
  ) throws(Diagnostic) {
    guard certificates.count == result.samples.count else {
      throw Diagnostic(
        "test.certificate.count",
        "\(certificates.count) certified radii for \(result.samples.count) samples")
    }
    var brackets: [Bracket] = []
    for (record, certificate) in zip(result.samples, certificates) {
      // What is wrong when clean is broken by nothing at all.
      let isTrial = record.isTrial
      brackets.append(
        try Bracket(
          index: record.index, certified: isTrial ? certificate?.value ?? 0 : 0,
          method: isTrial ? certificate?.method : nil,
          found: isTrial ? record.example?.distance : 0,
          attack: isTrial ? record.example.map { _ in result.attack } : nil))
    }
    self.brackets = brackets
    var rows: [Row] = []
    for entry in result.budgets { rows.append(try Self.row(entry.budget, result, brackets)) }
    self.rows = rows
  }

  private static func row(
    _ budget: Double, _ result: CampaignResult, _ brackets: [Bracket]
  ) throws(Diagnostic) -> Row {
    let trials = result.samples.indices.filter { result.samples[$0].isTrial }
    let isBroken = result.samples.map { ($0.example?.budget ?? .infinity) <= budget }
    let certified = trials.filter { brackets[$0].holds(at: budget) }
    // A box holds the slack of storing readings, too. Trees are certified to a distance, not to a set: there an
    // example may lie between the budget and its slack.
    if let sample = certified.first(where: { isBroken[$0] && brackets[$0].method != .trees }) {
      throw Diagnostic(
        "test.certificate.contradicted",
        "sample \(brackets[sample].index) is certified and broken at the budget "
          + "\(DecimalText.exact(budget)): a defect of the engine")
    }
    let proved = certified.count { !isBroken[$0] }
    let withstood = trials.count { !isBroken[$0] }
    let count = result.samples.count
    return Row(
      budget: budget, samples: count, certified: proved, withstood: withstood,
      certifiedInterval: ClopperPearson(successes: proved, trials: count),
      withstoodInterval: ClopperPearson(successes: withstood, trials: count))
  }

  /// What the audit's last check compares with the campaign's examples.
  public var certifiedRadii: [Double] { brackets.map(\.certified) }
}
