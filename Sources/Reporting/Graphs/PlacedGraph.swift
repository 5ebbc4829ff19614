/// A graph with places: the boxes, frames and arrow lines of a `DotGraph` as a layout tool set them.
///
/// Lengths are in points, x to the right, y downward, the origin in the upper left corner.
struct PlacedGraph: Hashable {
  struct Point: Hashable {
    var x: Double
    var y: Double
  }

  struct Box: Hashable {
    var left, top, right, bottom: Double

    var width: Double { right - left }
    var height: Double { bottom - top }
    var middle: Point { Point(x: (left + right) / 2, y: (top + bottom) / 2) }

    func union(_ other: Box) -> Box {
      Box(
        left: min(left, other.left), top: min(top, other.top), right: max(right, other.right),
        bottom: max(bottom, other.bottom))
    }

    func grown(by margin: Double) -> Box {
      Box(
        left: left - margin, top: top - margin, right: right + margin, bottom: bottom + margin)
    }
  }

  /// A chain of cubic Bézier curves: first point, then three for each curve.
  struct Line: Hashable {
    var edge: DotGraph.Edge
    var points: [Point]
  }

  var width: Double
  var height: Double
  /// Parallel to the graph's nodes.
  var nodes: [Box]
  /// In the order in which the layout lists them.
  var lines: [Line]
}

extension PlacedGraph {
  /// The frame of each group: its members with the margin that the layout kept free around them.
  /// `nil` for a group without any node.
  func frames(of graph: DotGraph) -> [Box?] {
    var frames: [Box?] = []
    for group in graph.groups {
      let inside = group.nodes.map { nodes[$0] } + group.groups.compactMap { frames[$0] }
      frames.append(
        inside.first.map { first in
          inside.dropFirst().reduce(first) { $0.union($1) }.grown(by: graph.groupMargin)
        })
    }
    return frames
  }
}
