import AttackGraphs
import EngineSupport

/// How a front looks: by colour, and by shape and dash for print in black and white.
struct FrontStyle {
  var name: String
  var colour: String
  var fronts: Fronts

  static let network = FrontStyle(name: "network front", colour: "#0b4f9e", fronts: .network)
  static let sensor = FrontStyle(name: "sensor front", colour: "#b23a00", fronts: .sensor)
  static let both = FrontStyle(name: "both fronts", colour: "#5b2a86", fronts: .both)

  /// `nil` for no front.
  init?(_ fronts: Fronts) {
    switch fronts {
    case .both: self = .both
    case .network: self = .network
    case .sensor: self = .sensor
    default: return nil
    }
  }

  private init(name: String, colour: String, fronts: Fronts) {
    self.name = name
    self.colour = colour
    self.fronts = fronts
  }

  /// The outline of something on the front: network solid, sensor dashed, both a solid line with light
  /// dashes on it.
  func strokes(width: Double) -> [[Markup.Attribute]] {
    let base = [attribute("stroke", colour), attribute("stroke-width", SVG.number(width))]
    switch fronts {
    case .sensor: return [base + [attribute("stroke-dasharray", "6 3")]]
    case .both:
      return [
        [
          attribute("stroke", colour), attribute("stroke-width", SVG.number(width * 1.5)),
        ],
        [
          attribute("stroke", "#e9ddf5"), attribute("stroke-width", SVG.number(width * 0.5)),
          attribute("stroke-dasharray", "3 6"),
        ],
      ]
    default: return [base]
    }
  }

  /// The front's mark: a square for the network, a disc for the sensor, both side by side.
  func marker(at point: PlacedGraph.Point, radius: Double) -> Markup {
    let paint = [
      attribute("fill", colour), attribute("stroke", "#ffffff"), attribute("stroke-width", "1"),
    ]
    func square(_ x: Double) -> Markup {
      SVG.box(
        PlacedGraph.Box(
          left: x - radius, top: point.y - radius, right: x + radius, bottom: point.y + radius),
        paint)
    }
    func disc(_ x: Double) -> Markup {
      SVG.disc(at: PlacedGraph.Point(x: x, y: point.y), radius: radius, paint)
    }
    switch fronts {
    case .sensor: return disc(point.x)
    case .both: return .group([square(point.x - radius), disc(point.x + radius)])
    default: return square(point.x)
    }
  }
}
