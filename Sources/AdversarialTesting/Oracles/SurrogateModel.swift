/// A model that stands in for the target, known by a name such as the digest of its file.
public struct SurrogateModel: Sendable, Hashable {
  public var name: String
  public var model: any TargetModel

  public init(name: String, model: any TargetModel) {
    self.name = name
    self.model = model
  }

  public static func == (left: SurrogateModel, right: SurrogateModel) -> Bool {
    left.name == right.name
  }

  public func hash(into hasher: inout Hasher) { hasher.combine(name) }
}
