import AssessmentPipeline
import AttackGraphs
import EngineSupport
import ThreatLanguage

/// How the steps of one attack path cause each other: a small AND/OR graph, entry points on top, the
/// consequence at the bottom, numbered like the table beside it.
struct DerivationPicture {
  /// A path with more steps is told by its table alone.
  static let stepsAtMost = 150
  private static let boxWidth = 196.0
  private static let boxHeight = 42.0

  let id: String
  let title: String
  let path: AttackAnalysis.Path
  private let carried: [Fronts]
  private let dot: DotGraph
  /// The node with the word AND in front of a step; `nil` for steps that need one cause or none.
  private let gates: [Int?]

  /// `nil` when the path has no step or too many. `id` is unique in the page.
  init?(
    of path: AttackAnalysis.Path, entryPoints: [ProductFile.EntryPoint], id: String, title: String
  ) {
    guard (1...Self.stepsAtMost).contains(path.steps.count) else { return nil }
    self.id = id
    self.title = title
    self.path = path
    carried = PathFronts(of: path, entryPoints: entryPoints).carried
    var dot = DotGraph(.downward)
    dot.rankGap = 18
    for _ in path.steps {
      _ = dot.addNode(DotGraph.Size(width: Self.boxWidth, height: Self.boxHeight))
    }
    var gates: [Int?] = []
    for (index, step) in path.steps.enumerated() {
      // A step rests on earlier steps of its own path only.
      let origins = step.restsOn.filter { (0..<index).contains($0) }
      var head = index
      if step.type.kind == .and, origins.count > 1 {
        head = dot.addNode(DotGraph.Size(width: 34, height: 18))
        dot.addEdge(from: head, to: index)
        gates.append(head)
      } else {
        gates.append(nil)
      }
      for origin in origins { dot.addEdge(from: origin, to: head) }
    }
    self.dot = dot
    self.gates = gates
  }

  func render(layout: any GraphLayout) throws -> Markup {
    let placed = try PlacedGraph(parsing: layout.place(dot.source), of: dot)
    let margin = 12.0
    let legend = FrontLegend(withMarks: false)
    let drawing = tag(
      "g", [attribute("transform", "translate(\(margin.description) \(margin.description))")],
      lines(placed) + path.steps.indices.map { box(of: $0, placed.nodes[$0]) }
        + gates.compactMap { gate in gate.map { Self.gate(placed.nodes[$0]) } })
    return SVG.picture(
      id: id, width: max(placed.width, legend.width) + 2 * margin,
      height: placed.height + 2 * margin + legend.height, title: title,
      description:
        "The \(path.steps.count) steps of the path and what each rests on, as in the table of steps.",
      [drawing, legend.render(left: margin, top: placed.height + 2 * margin)])
  }

  private func lines(_ placed: PlacedGraph) -> [Markup] {
    placed.lines.flatMap { line -> [Markup] in
      let origin = line.edge.from
      let target = gates.firstIndex(of: origin) ?? origin
      let style = carried.indices.contains(target) ? FrontStyle(carried[target]) : nil
      let strokes =
        style?.strokes(width: 2)
        ?? [[attribute("stroke", SVG.faint), attribute("stroke-width", "1")]]
      var drawn = strokes.map { SVG.curve(line.points, $0) }
      // The line into a gate has no head: the gate has.
      if path.steps.indices.contains(line.edge.to), let tip = line.points.last {
        drawn.append(
          SVG.arrowHead(
            tip: tip, from: line.points[line.points.count - 2],
            colour: style?.colour ?? SVG.faint))
      }
      return drawn
    }
  }

  private func box(of index: Int, _ box: PlacedGraph.Box) -> Markup {
    let step = path.steps[index]
    let style = FrontStyle(carried[index])
    let isGiven = carried[index].isEmpty
    var paint = [
      attribute("fill", "#ffffff"), attribute("stroke", style?.colour ?? SVG.faint),
      attribute("stroke-width", index == path.steps.count - 1 ? "2.6" : "1.2"),
    ]
    if isGiven { paint.append(attribute("stroke-dasharray", "2 2")) }
    let width = Self.boxWidth - 14
    let number = "\(index + 1) "
    let asset = LabelText.wrapped(step.asset, size: 8.5, width: width - 20, lines: 1).first ?? ""
    let name =
      LabelText.wrapped(
        isGiven ? "no \(step.type.name)" : step.type.name, size: 10.5, width: width, lines: 1
      ).first ?? ""
    var drawn = [
      tag("title", [], .text("\(step.name): \(step.sentence)")),
      SVG.box(box, corner: isGiven ? 0 : 6, paint),
      SVG.text(
        number + asset, x: box.left + 7, y: box.top + 12, size: 8.5, colour: SVG.faint),
      SVG.text(name, x: box.left + 7, y: box.top + 24.5, size: 10.5, isBold: true),
      SVG.text(chance(of: step), x: box.left + 7, y: box.top + 36.5, size: 9),
    ]
    if step.entryPoint != nil, let style {
      drawn.append(
        style.marker(
          at: PlacedGraph.Point(x: box.right - 12, y: box.top + 12), radius: 5))
    }
    return tag("g", [], drawn)
  }

  private func chance(of step: AttackAnalysis.Step) -> String {
    if step.entryPoint != nil { return "entry point" }
    let prior = Wording.probability(step.prior)
    guard let measured = step.measured else { return "probability \(prior)" }
    return "prior \(prior) → measured \(Wording.probability(measured.rate))"
  }

  private static func gate(_ box: PlacedGraph.Box) -> Markup {
    .group([
      SVG.box(
        box, corner: 9,
        [attribute("fill", SVG.ink), attribute("stroke", SVG.ink)]),
      SVG.text(
        "AND", x: box.middle.x, y: box.top + 12.5, size: 9, anchor: "middle", colour: "#ffffff",
        isBold: true),
    ])
  }
}
