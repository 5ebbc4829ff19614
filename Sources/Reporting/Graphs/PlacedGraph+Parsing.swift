/// Reads Graphviz's `plain` format strictly: exactly the nodes and edges that were asked for, with finite,
/// sensible places; anything else is refused.
///
/// Source: Graphviz documentation, output format "plain": lines `graph scale width height`,
/// `node name x y width height label style shape color fillcolor`,
/// `edge tail head n x1 y1 … xn yn [label xl yl] style color`, `stop`; inches, y upward.
extension PlacedGraph {
  private static let bytesAtMost = 32 << 20
  private static let inchesAtMost = 10_000.0
  private static let pointsAtMost = 4_096

  init(parsing text: String, of graph: DotGraph) throws(LayoutFailure) {
    guard text.utf8.count <= Self.bytesAtMost else {
      throw LayoutFailure("the layout is longer than 32 MiB")
    }
    var reader = Reader(graph: graph)
    for (index, line) in text.split(separator: "\n").enumerated() {
      do {
        try reader.read(line.split(separator: " "))
      } catch {
        throw LayoutFailure("line \(index + 1) of the layout: \(error.description)")
      }
    }
    self = try reader.finish()
  }

  private struct Reader {
    let graph: DotGraph
    var size: Point?
    var nodes: [Box?]
    var lines: [Line] = []
    var missing: [DotGraph.Edge: Int] = [:]
    var hasStopped = false

    init(graph: DotGraph) {
      self.graph = graph
      nodes = Array(repeating: nil, count: graph.nodes.count)
      for edge in graph.edges { missing[edge, default: 0] += 1 }
    }

    mutating func read(_ words: [Substring]) throws(LayoutFailure) {
      guard !hasStopped else { throw LayoutFailure("text after the end") }
      switch words.first {
      case "graph": try readSize(words)
      case "node": try readNode(words)
      case "edge": try readEdge(words)
      case "stop": hasStopped = true
      default: throw LayoutFailure("neither graph, node, edge nor stop")
      }
    }

    mutating func readSize(_ words: [Substring]) throws(LayoutFailure) {
      guard words.count == 4, size == nil else { throw LayoutFailure("not one size") }
      guard try number(words[1]) == 1 else { throw LayoutFailure("the scale is not 1") }
      let (width, height) = (try number(words[2]), try number(words[3]))
      guard width >= 0, height >= 0 else { throw LayoutFailure("a negative size") }
      size = Point(x: width * 72, y: height * 72)
    }

    mutating func readNode(_ words: [Substring]) throws(LayoutFailure) {
      guard words.count == 11, let height = size?.y else {
        throw LayoutFailure("a node has 11 words and stands after the size")
      }
      let index = try node(words[1])
      guard nodes[index] == nil else { throw LayoutFailure("node \(index) stands twice") }
      let asked = graph.nodes[index]
      let given = Point(x: try number(words[4]) * 72, y: try number(words[5]) * 72)
      guard abs(given.x - asked.width) < 1, abs(given.y - asked.height) < 1 else {
        throw LayoutFailure("node \(index) has another size than was asked for")
      }
      let middle = Point(x: try number(words[2]) * 72, y: height - (try number(words[3])) * 72)
      nodes[index] = Box(
        left: middle.x - asked.width / 2, top: middle.y - asked.height / 2,
        right: middle.x + asked.width / 2, bottom: middle.y + asked.height / 2)
    }

    mutating func readEdge(_ words: [Substring]) throws(LayoutFailure) {
      guard words.count >= 4, let height = size?.y, let count = Int(words[3]) else {
        throw LayoutFailure("an edge has a number of points and stands after the size")
      }
      guard (4...PlacedGraph.pointsAtMost).contains(count), count % 3 == 1,
        words.count == 4 + 2 * count + 2
      else { throw LayoutFailure("an edge is a chain of cubic curves without a label") }
      let edge = DotGraph.Edge(from: try node(words[1]), to: try node(words[2]))
      guard let open = missing[edge], open > 0 else {
        throw LayoutFailure("the edge \(edge.from) to \(edge.to) was not asked for")
      }
      missing[edge] = open - 1
      var points: [Point] = []
      for place in stride(from: 4, to: 4 + 2 * count, by: 2) {
        points.append(
          Point(
            x: try number(words[place]) * 72, y: height - (try number(words[place + 1])) * 72))
      }
      lines.append(Line(edge: edge, points: points))
    }

    consuming func finish() throws(LayoutFailure) -> PlacedGraph {
      guard hasStopped, let size else { throw LayoutFailure("the layout ends too early") }
      let placed = nodes.compactMap(\.self)
      guard placed.count == nodes.count else {
        throw LayoutFailure("the layout leaves \(nodes.count - placed.count) nodes out")
      }
      guard lines.count == graph.edges.count else {
        throw LayoutFailure("the layout leaves \(graph.edges.count - lines.count) edges out")
      }
      return PlacedGraph(width: size.x, height: size.y, nodes: placed, lines: lines)
    }

    func node(_ word: Substring) throws(LayoutFailure) -> Int {
      guard word.first == "n", let index = Int(word.dropFirst()),
        graph.nodes.indices.contains(index)
      else { throw LayoutFailure("\"\(word.prefix(20))\" is no node of the graph") }
      return index
    }

    func number(_ word: Substring) throws(LayoutFailure) -> Double {
      guard let value = Double(word), value.isFinite, abs(value) <= PlacedGraph.inchesAtMost else {
        throw LayoutFailure("\"\(word.prefix(20))\" is no sensible number")
      }
      return value
    }
  }
}
