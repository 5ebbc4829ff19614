import EngineSupport

/// The few shapes our pictures are made of, as markup.
enum SVG {
  static let ink = "#1a1f24"
  static let faint = "#55606b"
  static let hairline = "#8b96a1"

  static func number(_ value: Double) -> String { DecimalText.fixed(value, digits: 1) }

  /// A picture with a name and a description for those who cannot see it. `id` is unique in the page.
  static func picture(
    id: String, width: Double, height: Double, title: String, description: String,
    _ content: [Markup]
  ) -> Markup {
    tag(
      "svg",
      [
        attribute("role", "img"), attribute("aria-labelledby", "\(id)-title \(id)-desc"),
        attribute("viewBox", "0 0 \(number(width)) \(number(height))"),
        attribute("width", number(width)), attribute("height", number(height)),
        attribute("font-family", "Liberation Sans, Arial, Helvetica, sans-serif"),
      ],
      [
        tag("title", [attribute("id", "\(id)-title")], .text(title)),
        tag("desc", [attribute("id", "\(id)-desc")], .text(description)),
      ] + content)
  }

  static func text(
    _ text: String, x: Double, y: Double, size: Double, anchor: String = "start",
    colour: String = ink, isBold: Bool = false
  ) -> Markup {
    var attributes = [
      attribute("x", number(x)), attribute("y", number(y)), attribute("font-size", number(size)),
      attribute("fill", colour),
    ]
    if anchor != "start" { attributes.append(attribute("text-anchor", anchor)) }
    if isBold { attributes.append(attribute("font-weight", "bold")) }
    return tag("text", attributes, .text(text))
  }

  static func box(
    _ box: PlacedGraph.Box, corner: Double = 0, _ paint: [Markup.Attribute]
  ) -> Markup {
    var attributes = [
      attribute("x", number(box.left)), attribute("y", number(box.top)),
      attribute("width", number(box.width)), attribute("height", number(box.height)),
    ]
    if corner > 0 { attributes.append(attribute("rx", number(corner))) }
    return tag("rect", attributes + paint)
  }

  static func disc(
    at point: PlacedGraph.Point, radius: Double, _ paint: [Markup.Attribute]
  ) -> Markup {
    tag(
      "circle",
      [
        attribute("cx", number(point.x)), attribute("cy", number(point.y)),
        attribute("r", number(radius)),
      ] + paint)
  }

  static func line(
    _ from: PlacedGraph.Point, _ to: PlacedGraph.Point, _ paint: [Markup.Attribute]
  ) -> Markup {
    tag(
      "path",
      [
        attribute("d", "M\(number(from.x)) \(number(from.y))L\(number(to.x)) \(number(to.y))")
      ] + paint)
  }

  static func polyline(_ points: [PlacedGraph.Point], _ paint: [Markup.Attribute]) -> Markup {
    tag(
      "path",
      [
        attribute("fill", "none"),
        attribute(
          "d", "M" + points.map { "\(number($0.x)) \(number($0.y))" }.joined(separator: "L")),
      ] + paint)
  }

  /// A chain of cubic curves.
  static func curve(_ points: [PlacedGraph.Point], _ paint: [Markup.Attribute]) -> Markup {
    guard let first = points.first else { return .nothing }
    var path = "M\(number(first.x)) \(number(first.y))C"
    path += points.dropFirst().map { "\(number($0.x)) \(number($0.y))" }.joined(separator: " ")
    return tag("path", [attribute("fill", "none"), attribute("d", path)] + paint)
  }

  /// An arrow head with its tip at `tip`, coming from the side of `origin`.
  static func arrowHead(
    tip: PlacedGraph.Point, from origin: PlacedGraph.Point, colour: String, size: Double = 7
  ) -> Markup {
    let (dx, dy) = (tip.x - origin.x, tip.y - origin.y)
    let length = (dx * dx + dy * dy).squareRoot()
    guard length > 0.01 else { return .nothing }
    let (ux, uy) = (dx / length * size, dy / length * size)
    let base = PlacedGraph.Point(x: tip.x - ux, y: tip.y - uy)
    let corners = [
      tip, PlacedGraph.Point(x: base.x - uy * 0.45, y: base.y + ux * 0.45),
      PlacedGraph.Point(x: base.x + uy * 0.45, y: base.y - ux * 0.45),
    ]
    let path = corners.map { "\(number($0.x)) \(number($0.y))" }.joined(separator: "L")
    return tag("path", [attribute("d", "M\(path)Z"), attribute("fill", colour)])
  }
}
