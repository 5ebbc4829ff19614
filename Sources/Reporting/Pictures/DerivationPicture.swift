import AssessmentPipeline
import AttackGraphs
import EngineSupport
import ThreatLanguage

/// How the steps of one attack path cause each other: a small AND/OR graph, entry points on top, the
/// consequence at the bottom, numbered like the table beside it. Steps that follow by themselves are folded.
struct DerivationPicture {
  /// A path with more steps is told by its table alone.
  static let stepsAtMost = 400

  let id: String
  let title: String
  let path: AttackAnalysis.Path
  private let carried: [Fronts]
  private let plan: DerivationPlan

  /// `nil` when the path has no step or too many. `id` is unique in the page.
  init?(
    of path: AttackAnalysis.Path, entryPoints: [ProductFile.EntryPoint], id: String, title: String
  ) {
    guard (1...Self.stepsAtMost).contains(path.steps.count) else { return nil }
    self.id = id
    self.title = title
    self.path = path
    carried = PathFronts(of: path, entryPoints: entryPoints).carried
    plan = DerivationPlan(of: path)
  }

  func render(layout: any GraphLayout) throws -> Markup {
    let placed = try PlacedGraph(parsing: layout.place(plan.dot.source), of: plan.dot)
    let margin = 12.0
    let legend = FrontLegend(withMarks: false)
    let boxes = zip(plan.nodes, placed.nodes).map { node, box in
      switch node {
      case .step(let index): self.box(of: index, box)
      case .gate: Self.gate(box)
      case .certain(let run): Self.certain(run, box)
      }
    }
    let drawing = tag(
      "g", [attribute("transform", "translate(\(margin.description) \(margin.description))")],
      lines(placed) + boxes)
    return SVG.picture(
      id: id, width: max(placed.width, legend.width) + 2 * margin,
      height: placed.height + 2 * margin + legend.height, title: title,
      description:
        "The \(path.steps.count) steps of the path and what each rests on, as in the table of steps.",
      [drawing, legend.render(left: margin, top: placed.height + 2 * margin)])
  }

  private func fronts(of node: DerivationPlan.Node) -> Fronts {
    switch node {
    case .step(let index), .gate(let index): carried[index]
    case .certain(let run): run.last.map { carried[$0] } ?? []
    }
  }

  private func lines(_ placed: PlacedGraph) -> [Markup] {
    placed.lines.flatMap { line -> [Markup] in
      let style = FrontStyle(fronts(of: plan.nodes[line.edge.from]))
      let strokes =
        style?.strokes(width: 2)
        ?? [[attribute("stroke", SVG.faint), attribute("stroke-width", "1")]]
      var drawn = strokes.map { SVG.curve(line.points, $0) }
      // Only a line into a step has a head.
      if case .step = plan.nodes[line.edge.to], let tip = line.points.last {
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
    let width = DerivationPlan.boxSize.width - 14
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

  private static func certain(_ run: [Int], _ box: PlacedGraph.Box) -> Markup {
    .group([
      SVG.box(
        box, corner: 8, [attribute("fill", "#ffffff"), attribute("stroke", SVG.hairline)]),
      SVG.text(
        DerivationPlan.title(ofRun: run), x: box.middle.x, y: box.top + 11.5, size: 9,
        anchor: "middle", colour: SVG.faint),
    ])
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
