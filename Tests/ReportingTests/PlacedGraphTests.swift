import EngineSupport
import Testing

@testable import Reporting

/// The reader of a layout tool's answer, against answers that are wrong in every way.
@Suite struct PlacedGraphTests {
  private var graph: DotGraph {
    var graph = DotGraph(.downward)
    _ = graph.addNode(DotGraph.Size(width: 72, height: 36))
    _ = graph.addNode(DotGraph.Size(width: 144, height: 36))
    graph.addEdge(from: 0, to: 1)
    return graph
  }

  private static let good = """
    graph 1 4 3
    node n0 1 2.5 1 0.5 "" solid box black lightgrey
    node n1 2 0.25 2 0.5 "" solid box black lightgrey
    edge n0 n1 4 1 2.25 1 2 2 1 2 0.5 solid black
    stop

    """

  @Test func placesAreInPointsDownward() throws {
    let placed = try PlacedGraph(parsing: Self.good, of: graph)
    #expect(placed.width == 288 && placed.height == 216)
    #expect(placed.nodes[0] == PlacedGraph.Box(left: 36, top: 18, right: 108, bottom: 54))
    #expect(placed.lines[0].points.last == PlacedGraph.Point(x: 144, y: 180))
  }

  @Test(arguments: [
    ("node n0", "node n7"), ("node n0", "node x0"), ("node n1", "node n0"), ("stop", ""),
    ("stop", "stop\nstop"), ("graph 1 4 3", ""), ("graph 1 4 3", "graph 1 nan 3"),
    ("graph 1 4 3", "graph 2 4 3"), ("graph 1 4 3", "graph 1 -4 3"), ("2.5 1 0.5", "inf 1 0.5"),
    ("2.5 1 0.5", "2.5 9 0.5"), ("2.5 1 0.5", "1e300 1 0.5"), ("edge n0 n1 4", "edge n0 n1 5"),
    ("edge n0 n1 4", "edge n0 n1 999999999"), ("edge n0 n1 4", "edge n0 n1 -4"),
    ("edge n0 n1 4", "edge n1 n0 4"), ("edge n0 n1 4 1 2.25 1 2 2 1 2 0.5 solid black\n", ""),
    ("node n1 2 0.25 2 0.5 \"\" solid box black lightgrey\n", ""), ("stop", "evil\nstop"),
    ("0.5 solid black", "0.5 label 1 1 solid black"),
  ])
  func nonsenseIsRefused(change: (String, String)) {
    let broken = Self.good.replacing(change.0, with: change.1)
    #expect(broken != Self.good)
    #expect(throws: LayoutFailure.self) { try PlacedGraph(parsing: broken, of: graph) }
  }

  @Test func everyPrefixEndsInAPlacementOrAFailure() {
    let bytes = Array(Self.good.utf8)
    for length in bytes.indices where length < bytes.count - 6 {
      let text = String(decoding: bytes[..<length], as: UTF8.self)
      #expect(throws: LayoutFailure.self) { try PlacedGraph(parsing: text, of: graph) }
    }
  }

  @Test func randomBytesNeverCrash() {
    let seed: UInt64 = 20_261_121
    var random = SeededRandom(seed: seed)
    let bytes = Array(Self.good.utf8)
    var accepted = 0
    for _ in 0..<2_000 {
      var changed = bytes
      changed[Int(random.next() % UInt64(changed.count))] = UInt8(truncatingIfNeeded: random.next())
      let text = String(decoding: changed, as: UTF8.self)
      if (try? PlacedGraph(parsing: text, of: graph)) != nil { accepted += 1 }
    }
    #expect(accepted < 2_000, "seed \(seed)")
  }

  @Test func framesHoldTheirMembersAndInnerFrames() throws {
    var graph = graph
    graph.groupMargin = 10
    let inner = graph.addGroup(nodes: [0], groups: [])
    _ = graph.addGroup(nodes: [1], groups: [inner])
    let placed = try PlacedGraph(parsing: Self.good, of: graph)
    let frames = placed.frames(of: graph).compactMap(\.self)
    #expect(frames[0] == PlacedGraph.Box(left: 26, top: 8, right: 118, bottom: 64))
    #expect(frames[1].left == 16 && frames[1].bottom == 226)
    #expect(graph.source.contains("subgraph cluster_1"))
  }
}
