import AdversarialTesting
public import EngineSupport
public import TensorCore

/// What one family of sensor faults can and cannot do to the samples that were certified.
public struct FaultCertificateResult: Sendable, Hashable {
  public var test: TestPlan.FaultCertificateTest
  /// By row in the evaluation data.
  public var rows: [FaultCertificateRow]

  /// Samples that are right without a fault.
  public var trials: Int { rows.count { $0.outcome != .cleanError } }
  public var proved: Int { rows.count { $0.outcome == .proved } }
  public var refuted: Int { rows.count { $0.outcome == .refuted } }
  public var unknown: Int { rows.count { $0.outcome == .unknown } }

  /// Two-sided 95 % interval of the share that is proved.
  public var provedInterval: ClopperPearson { ClopperPearson(successes: proved, trials: trials) }
  /// Of the share that is not refuted.
  public var unrefutedInterval: ClopperPearson {
    ClopperPearson(successes: trials - refuted, trials: trials)
  }
}

/// One sample under a family of faults.
public struct FaultCertificateRow: Sendable, Hashable {
  public enum Outcome: String, Sendable, Hashable, CaseIterable {
    /// No fault of the family changes the answer.
    case proved
    /// A fault does, replayed in single and in double precision.
    case refuted
    /// Neither within the effort.
    case unknown
    /// Wrong without any fault; no trial.
    case cleanError = "clean-error"
  }

  /// The row in the evaluation data.
  public var index: Int
  public var outcome: Outcome
  /// The share of the family's ranges, around no fault, in which no fault changes the answer; 1 where all is proved.
  public var certifiedScale: Double
  /// The smallest fault met that changes it, and its share of the ranges.
  public var found: Found?
  /// Shares of the family's volume in which no fault, and in which every fault, changes the answer.
  public var provedShare: Double
  public var refutedShare: Double
  /// Boxes of parameters that were bounded.
  public var work: Int

  public struct Found: Sendable, Hashable {
    /// In the order and units of the plan's parameters.
    public var values: [Double]
    public var scale: Double
  }

  /// Share of the volume that is left open.
  public var unknownShare: Double { max(0, 1 - provedShare - refutedShare) }
}

extension FaultCertificateRow: StoredPart {
  /// Of a sample that is wrong by itself.
  init(cleanErrorAt index: Int) {
    self.init(
      index: index, outcome: .cleanError, certifiedScale: 0, found: nil, provedShare: 0,
      refutedShare: 0, work: 0)
  }

  init(_ certificate: FaultCertificate, at index: Int) {
    let found = certificate.refutation.map { Found(values: $0.values, scale: $0.scale) }
    self.init(
      index: index,
      outcome: found != nil ? .refuted : certificate.certifiedScale == 1 ? .proved : .unknown,
      certifiedScale: certificate.certifiedScale, found: found,
      provedShare: certificate.provedShare, refutedShare: certificate.refutedShare,
      work: certificate.boxes)
  }

  public var json: JSONValue {
    .object([
      ("index", .integer(index)), ("outcome", .string(outcome.rawValue)),
      ("certifiedScale", .string(DecimalText.exact(certifiedScale))),
      (
        "found",
        found.map {
          [
            "values": .strings($0.values.map(DecimalText.exact)),
            "scale": .string(DecimalText.exact($0.scale)),
          ]
        }
      ),
      ("provedShare", .string(DecimalText.exact(provedShare))),
      ("refutedShare", .string(DecimalText.exact(refutedShare))),
      ("unknownShare", .string(DecimalText.exact(unknownShare))), ("work", .integer(work)),
    ])
  }

  init?(json: JSONValue) {
    guard let index = json["index"]?.integer,
      let outcome = json["outcome"]?.string.flatMap(Outcome.init(rawValue:)),
      let certified = json.decimal("certifiedScale"), let proved = json.decimal("provedShare"),
      let refuted = json.decimal("refutedShare"), let work = json["work"]?.integer
    else { return nil }
    var found: Found?
    if let value = json["found"] {
      guard let values = value.decimals("values"), let scale = value.decimal("scale") else {
        return nil
      }
      found = Found(values: values, scale: scale)
    }
    guard (found != nil) == (outcome == .refuted) else { return nil }
    self.init(
      index: index, outcome: outcome, certifiedScale: certified, found: found,
      provedShare: proved, refutedShare: refuted, work: work)
  }
}

extension JSONValue {
  /// A number that stands as a decimal string.
  func decimal(_ key: String) -> Double? { self[key]?.string.flatMap(Double.init) }

  /// A list of such numbers; `nil` if one is none.
  func decimals(_ key: String) -> [Double]? {
    guard let elements = self[key]?.elements else { return nil }
    let values = elements.compactMap { $0.string.flatMap(Double.init) }
    return values.count == elements.count ? values : nil
  }
}
