import ArchitectureModel
import AssessmentPipeline
import AttackGraphs

/// A small flag on a component or line: `E1` an entry point of a front, `C1` a consequence.
struct ComponentMark {
  /// The flags of a picture, by index of component and of flow.
  struct Places {
    var components: [Int: [ComponentMark]] = [:]
    var flows: [Int: [ComponentMark]] = [:]
  }

  var text: String
  /// `nil` for a consequence.
  var front: FrontStyle?

  /// Where the marks stand; numbers are positions in the product file.
  static func marks(of result: AssessmentResult) -> Places {
    var places = Places()
    func add(_ mark: ComponentMark, to name: String) {
      let architecture = result.architecture
      if let index = try? architecture.component(called: name, at: nil) {
        places.components[index, default: []].append(mark)
      } else if let index = try? architecture.flow(called: name, at: nil) {
        places.flows[index, default: []].append(mark)
      }
    }
    for (index, entry) in result.product.entryPoints.enumerated() {
      add(
        ComponentMark(text: "E\(index + 1)", front: FrontStyle(entry.front.fronts)),
        to: entry.component)
    }
    for (index, consequence) in result.product.consequences.enumerated() {
      add(ComponentMark(text: "C\(index + 1)", front: nil), to: consequence.component)
    }
    return places
  }

  /// Side by side at the lower right corner of what they mark.
  static func row(_ marks: [ComponentMark]?, at box: PlacedGraph.Box) -> [Markup] {
    let marks = marks ?? []
    return marks.enumerated().map { place, mark in
      mark.render(
        right: box.right + 4 - Double(marks.count - 1 - place) * 27, top: box.bottom - 6)
    }
  }

  /// Entry points are discs (sensor) or squares (network); consequences are black boxes.
  func render(right: Double, top: Double) -> Markup {
    let width = max(24, LabelText.width(of: text, size: 9) + 8)
    let box = PlacedGraph.Box(left: right - width, top: top, right: right, bottom: top + 15)
    return .group([
      SVG.box(
        box, corner: front?.fronts == .sensor ? 7.5 : 0,
        [
          attribute("fill", front?.colour ?? SVG.ink), attribute("stroke", "#ffffff"),
          attribute("stroke-width", "1"),
        ]),
      SVG.text(
        text, x: box.middle.x, y: top + 11, size: 9, anchor: "middle", colour: "#ffffff",
        isBold: true),
    ])
  }
}
