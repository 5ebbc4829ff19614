import EngineSupport

/// A directed graph to be placed: boxes of sizes that we choose, groups, and arrows, as DOT text.
///
/// Names in the text are made here (`n0`, `cluster_0`), labels are empty and sizes are fixed, so that no
/// input reaches the layout tool and no font changes the layout. Lengths are in points (1/72 inch).
struct DotGraph {
  enum Direction: String {
    case downward = "TB"
    case rightward = "LR"
  }

  struct Size: Hashable {
    var width: Double
    var height: Double
  }

  struct Edge: Hashable {
    var from: Int
    var to: Int
  }

  /// A group of nodes and further groups, which the layout keeps together.
  struct Group {
    var nodes: [Int]
    var groups: [Int]
  }

  var direction: Direction
  /// Between ranks, and between neighbours on a rank.
  var rankGap = 26.0
  var nodeGap = 14.0
  /// Free room around the members of a group, which its frame and title may use.
  var groupMargin = 0.0
  private(set) var nodes: [Size] = []
  private(set) var edges: [Edge] = []
  private(set) var groups: [Group] = []
  /// Groups that are in no other.
  private(set) var topGroups: [Int] = []

  init(_ direction: Direction) { self.direction = direction }

  mutating func addNode(_ size: Size) -> Int {
    nodes.append(size)
    return nodes.count - 1
  }

  mutating func addEdge(from: Int, to: Int) { edges.append(Edge(from: from, to: to)) }

  /// Groups must be added from the inside out.
  mutating func addGroup(nodes: [Int], groups inner: [Int]) -> Int {
    groups.append(Group(nodes: nodes, groups: inner))
    topGroups.removeAll(where: inner.contains)
    topGroups.append(groups.count - 1)
    return groups.count - 1
  }

  var source: String {
    var text = """
      digraph g {
        rankdir=\(direction.rawValue); ranksep=\(Self.inches(rankGap)); nodesep=\(Self.inches(nodeGap));
        node [shape=box, fixedsize=true, label="", margin=0];
        edge [arrowhead=none];

      """
    for (index, size) in nodes.enumerated() {
      text +=
        "  n\(index) [width=\(Self.inches(size.width)), height=\(Self.inches(size.height))];\n"
    }
    for group in topGroups { write(group, to: &text) }
    for edge in edges { text += "  n\(edge.from) -> n\(edge.to);\n" }
    return text + "}\n"
  }

  private func write(_ group: Int, to text: inout String) {
    text += "  subgraph cluster_\(group) { margin=\(DecimalText.fixed(groupMargin, digits: 1));\n"
    for inner in groups[group].groups { write(inner, to: &text) }
    for node in groups[group].nodes { text += "    n\(node);\n" }
    text += "  }\n"
  }

  private static func inches(_ points: Double) -> String {
    DecimalText.fixed(points / 72, digits: 4)
  }
}
