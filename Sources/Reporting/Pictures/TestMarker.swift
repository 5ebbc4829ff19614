import AttackGraphs
import ThreatKnowledge

/// How a test's points look in a plot: square for the network, disc for the sensor, cross for noise.
struct TestMarker {
  let step: DemonstratedStep

  init(_ step: DemonstratedStep) { self.step = step }

  private var front: FrontStyle { step == .evadeByNetwork ? .network : .sensor }

  var colour: String { step == .errUnderNoise ? SVG.ink : front.colour }

  var dash: [Markup.Attribute] {
    step == .evadeByNetwork ? [] : [attribute("stroke-dasharray", "6 3")]
  }

  func render(at point: PlacedGraph.Point) -> Markup {
    guard step == .errUnderNoise else { return front.marker(at: point, radius: 5) }
    let paint = [attribute("stroke", SVG.ink), attribute("stroke-width", "2.2")]
    func corner(_ x: Double, _ y: Double) -> PlacedGraph.Point {
      PlacedGraph.Point(x: point.x + x * 5, y: point.y + y * 5)
    }
    return .group([
      SVG.line(corner(-1, -1), corner(1, 1), paint), SVG.line(corner(-1, 1), corner(1, -1), paint),
    ])
  }
}
