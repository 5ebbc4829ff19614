/// What is known of one defence of the product: nothing, a claim, or a claim with evidence.
public struct DefenseStatement: Sendable {
  public enum State: String, Sendable, Hashable, CaseIterable {
    /// Nobody says anything: the language's own prior counts.
    case unknown
    /// The product file says so.
    case claimed
    /// The product file says so and names a file that shows it.
    case supported
  }

  /// Index in the bound model's assets.
  public var asset: Int
  /// The asset's name.
  public var assetName: String
  public var claim: ProductFile.DefenseClaim
  /// The file behind the claim.
  public var evidence: SourceFile?

  public var state: State { evidence == nil ? .claimed : .supported }
}
