/// How far a sample can be changed without the goal being reached, proved.
///
/// Law: no sample within `value` of the original that the perturbation set admits reaches the goal, in exact
/// arithmetic and in any `Float` engine that computes the model's operators one by one.
public struct CertifiedRadius: Sendable, Hashable {
  /// A sample that reaches the goal, met while splitting.
  public struct Refutation: Sendable, Hashable {
    /// Row-major.
    public var reading: [Float]
    /// L-infinity from the original, in engineering units.
    public var distance: Double
    /// Whether the perturbation set admits it: on the sensor's grid and within the physical rules. Otherwise it
    /// only shows that this certificate cannot grow.
    public var isDeliverable: Bool
  }

  /// In engineering units, L-infinity (with shares, the multiple of the shares); 0 where nothing was proved, infinite
  /// where there is no such sample at all.
  public var value: Double
  /// The dearest means behind `value`; nil where nothing was proved.
  public var method: CertificationMethod?
  /// The nearest one met.
  public var refutation: Refutation?
  /// Boxes bounded by splitting, or pairs of leaves compared.
  public var work: Int

  public init(
    value: Double, method: CertificationMethod?, refutation: Refutation? = nil, work: Int = 0
  ) {
    self.value = value
    self.method = method
    self.refutation = refutation
    self.work = work
  }
}

extension CertifiedRadius {
  /// The certificate of a tree ensemble, whose distances are in the tensor's numbers.
  ///
  /// It is open: every sample strictly nearer than `value` keeps the answer.
  ///
  /// - Parameter unitsPerTensorUnit: as in the limits' scaling; 1 where the verifier's scales are already units.
  public init(_ bracket: TreeVerifier.Bracket, unitsPerTensorUnit units: Double = 1) {
    self.init(
      value: bracket.certified * units, method: bracket.certified > 0 ? .trees : nil,
      refutation: bracket.example.flatMap { example in
        bracket.found.map {
          Refutation(reading: example, distance: $0 * units, isDeliverable: true)
        }
      }, work: bracket.work)
  }
}
