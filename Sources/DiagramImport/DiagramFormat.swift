/// A diagram format that some importer reads.
public struct DiagramFormat: Hashable, Sendable, CustomStringConvertible {
  /// Stable short name, as written into ledgers and evidence, such as `drawio`.
  public let name: String
  /// The name people use, such as `draw.io (diagrams.net)`.
  public let title: String

  public init(name: String, title: String) {
    self.name = name
    self.title = title
  }

  public var description: String { title }
}
