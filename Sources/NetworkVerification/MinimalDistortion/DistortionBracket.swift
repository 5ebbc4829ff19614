/// What is known of the least distance from a sample to an input that fulfils constraints.
public struct DistortionBracket: Sendable, Hashable {
  public enum Ending: String, Sendable, Hashable, CaseIterable {
    /// The ends are as near to each other as was asked.
    case closed
    /// The leader of every maximum is settled, and the allowance for rounding is what is left between the ends.
    case settled
    /// No input within the limits fulfils the constraints.
    case infeasible
    /// The effort was spent.
    case limit
  }

  public var ending: Ending
  /// No input within the limits that is nearer fulfils the constraints; ∞ where none does at any distance.
  public var lower: Double
  /// The distance of the example; nil where none was found.
  public var upper: Double?
  /// An input that fulfils the constraints, replayed in `Float` and in `Double`.
  public var example: [Float]?
  /// Nodes of the tree of splits, exchanges of a basis, and maxima, rectifiers among them, that were open at the root.
  public var nodes: Int
  public var pivots: Int
  public var maxima: Int
}
