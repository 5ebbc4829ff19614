/// Places the nodes and edges of a graph written in DOT; the executable runs Graphviz for it.
public protocol GraphLayout: Sendable {
  /// The placement in Graphviz's `plain` format.
  func place(_ dotSource: String) throws -> String
}

/// What a layout tool answered is not a placement of the graph that it was asked to place.
public struct LayoutFailure: Error, Hashable, Sendable, CustomStringConvertible {
  public var description: String

  init(_ description: String) { self.description = description }
}
