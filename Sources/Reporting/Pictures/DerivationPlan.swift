import AssessmentPipeline
import AttackGraphs
import ThreatLanguage

/// The graph behind the picture of a path: a box for each step that decides something, an AND in front of
/// steps that need several causes, and one small box for each run of steps that are certain once begun.
struct DerivationPlan {
  enum Node: Hashable {
    case step(Int)
    /// The AND in front of a step.
    case gate(Int)
    /// Positions of certain steps, first to last.
    case certain([Int])
  }

  static let boxSize = DotGraph.Size(width: 196, height: 42)
  private static let gateSize = DotGraph.Size(width: 34, height: 18)
  private static let certainSize = DotGraph.Size(width: 118, height: 16)

  private(set) var dot = DotGraph(.downward)
  /// Parallel to the graph's nodes.
  private(set) var nodes: [Node] = []
  private let path: AttackAnalysis.Path
  private var nodeOfStep: [Int: Int] = [:]

  init(of path: AttackAnalysis.Path) {
    self.path = path
    dot.rankGap = 15
    for index in path.steps.indices where !isCertain(index) {
      let node = add(.step(index), Self.boxSize)
      nodeOfStep[index] = node
      // A step rests on earlier steps of its own path only.
      let origins = path.steps[index].restsOn.filter { (0..<index).contains($0) }
      var head = node
      if path.steps[index].type.kind == .and, origins.count > 1 {
        head = add(.gate(index), Self.gateSize)
        dot.addEdge(from: head, to: node)
      }
      for origin in origins { connect(origin, to: head) }
    }
  }

  /// Joins the cause at `origin` to a node, over the certain steps in between.
  private mutating func connect(_ origin: Int, to head: Int) {
    var run: [Int] = []
    var cause = origin
    while nodeOfStep[cause] == nil, let next = path.steps[cause].restsOn.first, next < cause {
      run.insert(cause, at: 0)
      cause = next
    }
    guard let source = nodeOfStep[cause] else { return }
    guard !run.isEmpty else { return dot.addEdge(from: source, to: head) }
    let between = add(.certain(run), Self.certainSize)
    dot.addEdge(from: source, to: between)
    dot.addEdge(from: between, to: head)
  }

  /// One cause, no doubt, and not the end: such a step follows by itself.
  private func isCertain(_ index: Int) -> Bool {
    let step = path.steps[index]
    return index != path.steps.count - 1 && step.type.kind == .or && step.entryPoint == nil
      && step.restsOn.count == 1 && (step.restsOn.first ?? index) < index && step.prior == 1
      && step.measured == nil
  }

  private mutating func add(_ node: Node, _ size: DotGraph.Size) -> Int {
    nodes.append(node)
    return dot.addNode(size)
  }

  /// `then 5–7`, or single numbers where the run has gaps.
  static func title(ofRun run: [Int]) -> String {
    guard let first = run.first, let last = run.last, run.count > 1 else {
      return "then step \((run.first ?? 0) + 1)"
    }
    if last - first == run.count - 1 { return "then steps \(first + 1)–\(last + 1)" }
    return "then \(run.count) steps, \(first + 1)–\(last + 1)"
  }
}
