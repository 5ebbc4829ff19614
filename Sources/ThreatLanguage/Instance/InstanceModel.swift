/// The assets of one product and how they are linked: what a language is applied to.
public struct InstanceModel: Sendable, Hashable {
  public var assets: [Asset]
  public var links: [Link]

  public init(assets: [Asset], links: [Link]) {
    self.assets = assets
    self.links = links
  }

  public struct Asset: Sendable, Hashable {
    /// Unique in the model; shown to people.
    public var name: String
    /// An asset type of the language that is not abstract.
    public var type: String
    /// Probability (0…1) that a defence is in place, where the model says so; else the language's value.
    public var defenses: [String: Double]
    /// The number that the model's file gives the asset; `nil` for assets that no file numbers.
    public var id: Int?

    public init(name: String, type: String, defenses: [String: Double] = [:], id: Int? = nil) {
      self.name = name
      self.type = type
      self.defenses = defenses
      self.id = id
    }
  }

  /// One instance of an association. `left` and `right` are indices into `assets`.
  public struct Link: Sendable, Hashable {
    public var association: String
    public var left: Int
    public var right: Int

    public init(association: String, left: Int, right: Int) {
      self.association = association
      self.left = left
      self.right = right
    }
  }
}
