/// What is known of a window under a parametric fault.
public struct FaultCertificate: Sendable, Hashable {
  /// The smallest fault met that reaches the goal, replayed in single and in double precision.
  public struct Refutation: Sendable, Hashable {
    /// In the order and the units of the fault's parameters.
    public var values: [Double]
    /// See `ParametricFault.scale(of:)`.
    public var scale: Double
    /// The window under the fault, row-major.
    public var reading: [Float]
  }

  /// No fault of a smaller scale reaches the goal; where nothing was found, none of this scale either. 1 for the
  /// whole family.
  public var certifiedScale: Double
  /// nil where none was met.
  public var refutation: Refutation?
  /// Share of the family's volume in which no fault reaches the goal.
  public var provedShare: Double
  /// Share in which every fault does.
  public var refutedShare: Double
  /// Boxes of parameters that were bounded.
  public var boxes: Int

  /// What is left: in part neither, in part not decided within the effort.
  public var unknownShare: Double { max(0, 1 - provedShare - refutedShare) }

  /// Whether the certificate and the refutation meet, or the whole family is proved; see `Bracket.tolerance`.
  public var isExact: Bool {
    guard let refutation else { return certifiedScale == 1 }
    return refutation.scale - certifiedScale <= Bracket.tolerance * refutation.scale
  }

  /// The largest box of parameters around 0, in the family's proportions, in which no fault reaches the goal.
  public func certifiedBox(of fault: ParametricFault) -> [ClosedRange<Double>] {
    fault.parameters.map { $0.least * certifiedScale...$0.most * certifiedScale }
  }
}
