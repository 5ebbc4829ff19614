/// The key to a picture: fronts by line, and the marks on components.
struct FrontLegend {
  /// Whether entry points, consequences and outlines are explained as well.
  var withMarks: Bool

  var width: Double { withMarks ? 640 : 430 }
  var height: Double { withMarks ? 46 : 26 }

  func render(left: Double, top: Double) -> Markup {
    var drawn: [Markup] = []
    for (index, style) in [FrontStyle.network, .sensor, .both].enumerated() {
      let x = left + Double(index) * 140
      for stroke in style.strokes(width: 2.6) {
        drawn.append(
          SVG.line(
            PlacedGraph.Point(x: x, y: top + 8), PlacedGraph.Point(x: x + 34, y: top + 8), stroke))
      }
      drawn.append(SVG.text(style.name, x: x + 40, y: top + 12, size: 10))
    }
    guard withMarks else { return tag("g", [], drawn) }
    let row = top + 22
    drawn.append(ComponentMark(text: "E", front: .network).render(right: left + 24, top: row))
    drawn.append(ComponentMark(text: "E", front: .sensor).render(right: left + 52, top: row))
    drawn.append(SVG.text("entry point", x: left + 58, y: row + 11, size: 10))
    drawn.append(ComponentMark(text: "C", front: nil).render(right: left + 164, top: row))
    drawn.append(SVG.text("consequence", x: left + 170, y: row + 11, size: 10))
    let outer = PlacedGraph.Box(left: left + 280, top: row, right: left + 304, bottom: row + 15)
    let line = [attribute("fill", "none"), attribute("stroke", SVG.ink)]
    drawn.append(SVG.box(outer, corner: 3, line))
    drawn.append(SVG.box(outer.grown(by: -3), corner: 1, line))
    drawn.append(SVG.text("learning component", x: left + 310, y: row + 11, size: 10))
    let round = PlacedGraph.Box(left: left + 420, top: row, right: left + 444, bottom: row + 15)
    drawn.append(SVG.box(round, corner: 7.5, line))
    drawn.append(SVG.text("sensor or measured quantity", x: left + 450, y: row + 11, size: 10))
    return tag("g", [], drawn)
  }
}
