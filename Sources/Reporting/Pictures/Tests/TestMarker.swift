import AttackGraphs
import ThreatKnowledge

/// How a test's points look in a plot: square for the network, disc for the sensor, cross for noise; hollow where
/// the laws of the input do not bind.
struct TestMarker {
  let step: DemonstratedStep

  let isHollow: Bool

  init(_ step: DemonstratedStep, isHollow: Bool = false) {
    self.step = step
    self.isHollow = isHollow
  }

  private var front: FrontStyle { step == .evadeByNetwork ? .network : .sensor }

  var colour: String { step == .errUnderNoise ? SVG.ink : front.colour }

  var dash: [Markup.Attribute] {
    if isHollow { return [attribute("stroke-dasharray", "2 4")] }
    return step == .evadeByNetwork ? [] : [attribute("stroke-dasharray", "6 3")]
  }

  func render(at point: PlacedGraph.Point) -> Markup {
    guard step == .errUnderNoise else {
      let mark = front.marker(at: point, radius: 5)
      guard isHollow else { return mark }
      return .group([mark, SVG.disc(at: point, radius: 2.6, [attribute("fill", "#ffffff")])])
    }
    let paint = [attribute("stroke", SVG.ink), attribute("stroke-width", "2.2")]
    func corner(_ x: Double, _ y: Double) -> PlacedGraph.Point {
      PlacedGraph.Point(x: point.x + x * 5, y: point.y + y * 5)
    }
    return .group([
      SVG.line(corner(-1, -1), corner(1, 1), paint), SVG.line(corner(-1, 1), corner(1, -1), paint),
    ])
  }
}
