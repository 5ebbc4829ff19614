import ArchitectureModel
import AssessmentPipeline
import AttackGraphs
import ThreatKnowledge

/// The product as drawn, with both fronts on it: where attackers start, what is feared, and which
/// components and flows lie on the best attack paths.
struct FusedGraphPicture {
  /// More is no picture any more, and a layout could take minutes.
  static let elementsAtMost = 800
  /// In points: beyond it, names are smaller than six points on a page.
  private static let readableWidth = 1_600.0
  private static let learning: Set<ComponentKind> = [.learningModel, .detectorModel]
  private static let sensing: Set<ComponentKind> = [
    .acousticSensor, .electricalTransducer, .inertialSensor, .opticalSensor, .physicalQuantity,
    .processTransducer, .rangingSensor, .satelliteReceiver, .sensor,
  ]

  let result: AssessmentResult
  let plan: ArchitecturePlan
  let fronts: [Int: Fronts]
  private let marks: ComponentMark.Places

  /// `nil` when there is nothing to draw, or too much.
  init?(_ result: AssessmentResult) {
    let architecture = result.architecture
    let count = architecture.components.count + architecture.flows.count
    guard !architecture.components.isEmpty, count <= Self.elementsAtMost else { return nil }
    self.result = result
    plan = ArchitecturePlan(architecture)
    fronts = result.frontsOfAssets
    marks = ComponentMark.marks(of: result)
  }

  func render(layout: any GraphLayout) throws -> Markup {
    let placed = try place(with: layout)
    let margin = 16.0
    let legend = FrontLegend(withMarks: true)
    let width = max(placed.width + 2 * margin, legend.width + 2 * margin)
    let height = placed.height + 2 * margin + legend.height
    let drawing = tag(
      "g", [attribute("transform", "translate(\(margin.description) \(margin.description))")],
      frames(placed) + lines(placed) + pills(placed) + flowMarks(placed) + boxes(placed))
    let names = result.architecture.components.map(\.name).prefix(60).joined(separator: ", ")
    return SVG.picture(
      id: "fused-graph", width: width, height: height,
      title: "Architecture of the product with both attack fronts",
      description:
        "Components: \(names). The tables of this report say all that the picture shows.",
      [drawing, legend.render(left: margin, top: placed.height + 2 * margin)])
  }

  /// From the top down; where that gets too wide to read on a page, from left to right if that is narrower.
  private func place(with layout: any GraphLayout) throws -> PlacedGraph {
    let downward = try PlacedGraph(parsing: layout.place(plan.dot.source), of: plan.dot)
    guard downward.width > Self.readableWidth else { return downward }
    var dot = plan.dot
    dot.direction = .rightward
    let rightward = try PlacedGraph(parsing: layout.place(dot.source), of: dot)
    return rightward.width < downward.width ? rightward : downward
  }

  private func style(ofAsset asset: Int?) -> FrontStyle? {
    asset.flatMap { fronts[$0] }.flatMap { FrontStyle($0) }
  }

  private func asset(_ index: Int, of assets: [Int?]) -> Int? {
    assets.indices.contains(index) ? assets[index] : nil
  }

  private func frames(_ placed: PlacedGraph) -> [Markup] {
    let frames = placed.frames(of: plan.dot)
    // Groups are stored from the inside out; frames are painted from the outside in.
    return frames.indices.reversed().flatMap { index -> [Markup] in
      guard let frame = frames[index] else { return [] }
      let (name, isDevice): (String, Bool)
      var highlight: FrontStyle?
      switch plan.owners[index] {
      case .zone(let zone): (name, isDevice) = (result.architecture.zones[zone].name, false)
      case .device(let component):
        (name, isDevice) = (result.architecture.components[component].name, true)
        highlight = style(ofAsset: asset(component, of: result.bound.assetOfComponent))
      }
      var drawn = [
        SVG.box(
          frame, corner: isDevice ? 8 : 0,
          [
            attribute("fill", isDevice ? "#ffffff" : "#f3f5f7"),
            attribute("stroke", isDevice ? SVG.faint : SVG.hairline),
          ] + (isDevice ? [] : [attribute("stroke-dasharray", "2 3")]))
      ]
      for stroke in highlight?.strokes(width: 2) ?? [] {
        drawn.append(SVG.box(frame, corner: 8, [attribute("fill", "none")] + stroke))
      }
      let title =
        LabelText.wrapped(name, size: 11, width: frame.width - 16, lines: 1).first ?? ""
      drawn.append(
        SVG.text(title, x: frame.left + 8, y: frame.top + 15, size: 11, isBold: true))
      return [tag("g", [], [tag("title", [], .text(name))] + drawn)]
    }
  }

  private func lines(_ placed: PlacedGraph) -> [Markup] {
    placed.lines.flatMap { line -> [Markup] in
      guard let end = plan.flow(of: line.edge) else { return [] }
      let flow = result.architecture.flows[end.flow]
      let style = style(ofAsset: asset(end.flow, of: result.bound.assetOfFlow))
      let colour = style?.colour ?? SVG.faint
      let strokes =
        style?.strokes(width: 2.6)
        ?? [[attribute("stroke", colour), attribute("stroke-width", "1")]]
      var drawn = strokes.map { SVG.curve(line.points, $0) }
      if end.isHead, let tip = line.points.last {
        drawn.append(
          SVG.arrowHead(
            tip: tip, from: line.points[line.points.count - 2], colour: colour,
            size: style == nil ? 7 : 9))
      }
      if !end.isHead, flow.isBidirectional, let tip = line.points.first {
        drawn.append(
          SVG.arrowHead(
            tip: tip, from: line.points[1], colour: colour, size: style == nil ? 7 : 9))
      }
      return drawn
    }
  }

  private func pills(_ placed: PlacedGraph) -> [Markup] {
    result.architecture.flows.indices.compactMap { index in
      let flow = result.architecture.flows[index]
      let lines = ArchitecturePlan.lines(ofFlow: flow.label)
      guard !lines.isEmpty else { return nil }
      let box = placed.nodes[plan.nodeOfFlow[index]]
      let style = style(ofAsset: asset(index, of: result.bound.assetOfFlow))
      let outline = style.map { attribute("stroke", $0.colour) } ?? attribute("stroke", "#c5ccd3")
      var drawn = [
        tag("title", [], .text("\(flow.name): \(flow.label)")),
        SVG.box(box, corner: 6, [attribute("fill", "#ffffff"), outline]),
      ]
      for (number, line) in lines.enumerated() {
        drawn.append(
          SVG.text(
            line, x: box.middle.x, y: box.top + 11 + Double(number) * 11, size: 9,
            anchor: "middle"))
      }
      return tag("g", [], drawn)
    }
  }

  private func flowMarks(_ placed: PlacedGraph) -> [Markup] {
    result.architecture.flows.indices.flatMap { index in
      var box = placed.nodes[plan.nodeOfFlow[index]]
      // Below the label, which is too small to lend a corner.
      box.bottom += 6
      return ComponentMark.row(marks.flows[index], at: box)
    }
  }

  private func boxes(_ placed: PlacedGraph) -> [Markup] {
    result.architecture.components.indices.compactMap { index in
      guard let node = plan.nodeOfComponent[index] else { return nil }
      let component = result.architecture.components[index]
      let box = placed.nodes[node]
      let style = style(ofAsset: asset(index, of: result.bound.assetOfComponent))
      var drawn = [tag("title", [], .text("\(component.name) (\(component.kind.rawValue))"))]
      drawn += outline(of: component.kind, box, style)
      let lines = ArchitecturePlan.lines(ofComponent: component.name)
      for (number, line) in lines.enumerated() {
        drawn.append(
          SVG.text(
            line, x: box.middle.x, y: box.top + 17 + Double(number) * 13, size: 11,
            anchor: "middle", isBold: true))
      }
      drawn.append(
        SVG.text(
          component.kind.rawValue, x: box.middle.x, y: box.bottom - 7, size: 8.5,
          anchor: "middle", colour: SVG.faint))
      drawn += ComponentMark.row(marks.components[index], at: box)
      return tag("g", [], drawn)
    }
  }

  /// Learning components have a second outline, sensors round ends, all others plain corners.
  private func outline(
    of kind: ComponentKind, _ box: PlacedGraph.Box, _ style: FrontStyle?
  ) -> [Markup] {
    let corner = Self.sensing.contains(kind) ? box.height / 2 : 4
    let strokes =
      style?.strokes(width: 2.6)
      ?? [[attribute("stroke", SVG.ink), attribute("stroke-width", "1")]]
    var drawn = [SVG.box(box, corner: corner, [attribute("fill", "#ffffff")])]
    drawn += strokes.map { SVG.box(box, corner: corner, [attribute("fill", "none")] + $0) }
    if Self.learning.contains(kind) {
      drawn.append(
        SVG.box(
          box.grown(by: -4), corner: 2,
          [attribute("fill", "none"), attribute("stroke", style?.colour ?? SVG.ink)]))
    }
    return drawn
  }
}
