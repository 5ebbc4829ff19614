public import EngineSupport

/// What is known of one sample from both sides: nothing nearer than `certified` reaches the goal, something at
/// `found` does.
public struct Bracket: Sendable, Hashable {
  /// The row in the evaluation data.
  public var index: Int
  /// In engineering units; 0 where nothing was proved or the sample is wrong when clean.
  public let certified: Double
  /// The means behind `certified`; nil where nothing was proved.
  public let method: CertificationMethod?
  /// The distance of the nearest confirmed example; nil where none was found.
  public let found: Double?
  /// What found it.
  public let attack: String?

  /// The two sides count as met when they differ by no more than this share of `found`.
  public static let tolerance = 0.001

  /// Whether certificate and example meet (within `tolerance`), or it is proved that there is no example at all.
  public var isExact: Bool {
    guard let found else { return certified == .infinity }
    return found - certified <= Self.tolerance * found
  }

  /// Whether nothing within a budget can reach the goal. A certificate of trees is open: it says nothing of its own
  /// distance.
  public func holds(at budget: Double) -> Bool {
    method == .trees ? certified > budget : certified >= budget && method != nil
  }

  /// Errors: `test.certificate.contradicted` where something was found nearer than the certificate allows: one of the
  /// two is a defect of the engine.
  public init(
    index: Int, certified: Double, method: CertificationMethod?, found: Double?, attack: String?
  ) throws(Diagnostic) {
    if let found, found < certified {
      throw Diagnostic(
        "test.certificate.contradicted",
        "sample \(index) is certified to \(DecimalText.exact(certified)) and broken at "
          + "\(DecimalText.exact(found)): a defect of the engine")
    }
    self.index = index
    self.certified = certified
    self.method = method
    self.found = found
    self.attack = attack
  }
}
