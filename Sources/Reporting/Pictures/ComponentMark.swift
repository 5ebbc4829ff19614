import ArchitectureModel
import AssessmentPipeline
import AttackGraphs

/// A small flag on a component: `E1` an entry point of a front, `C1` a consequence.
struct ComponentMark {
  var text: String
  /// `nil` for a consequence.
  var front: FrontStyle?

  /// The marks of each component by its index; numbers are positions in the product file.
  static func marks(of result: AssessmentResult) -> [Int: [ComponentMark]] {
    var marks: [Int: [ComponentMark]] = [:]
    func add(_ mark: ComponentMark, to name: String) {
      guard let index = try? result.architecture.component(called: name, at: nil) else { return }
      marks[index, default: []].append(mark)
    }
    for (index, entry) in result.product.entryPoints.enumerated() {
      add(
        ComponentMark(text: "E\(index + 1)", front: FrontStyle(entry.front.fronts)),
        to: entry.component)
    }
    for (index, consequence) in result.product.consequences.enumerated() {
      add(ComponentMark(text: "C\(index + 1)", front: nil), to: consequence.component)
    }
    return marks
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
