/// A two-dimensional reading, clean and changed, and what was changed, as cells: three pictures side by side.
struct ReadingPicture {
  let rows: Int
  let columns: Int
  let clean: [Double]
  let changed: [Double]
  /// Changed less clean.
  let difference: [Double]
  /// Shown as black and white.
  let range: ClosedRange<Double>

  private static let cellsAtMost = 64 * 64
  /// Points; smaller cells have no room for a sign.
  private static let signedFrom = 6.0

  /// `shape` without the batch: two extents over 1, all others 1; otherwise `nil`.
  init?(shape: [Int], clean: [Double], changed: [Double], range: ClosedRange<Double>) {
    let extents = shape.filter { $0 != 1 }
    guard extents.count == 2, extents.allSatisfy({ (2...256).contains($0) }),
      extents[0] * extents[1] == clean.count, changed.count == clean.count,
      clean.count <= Self.cellsAtMost, (clean + changed).allSatisfy(\.isFinite)
    else { return nil }
    (rows, columns) = (extents[0], extents[1])
    self.clean = clean
    self.changed = changed
    difference = zip(clean, changed).map { $1 - $0 }
    let low = min(range.lowerBound, (clean + changed).min() ?? 0)
    let high = max(range.upperBound, (clean + changed).max() ?? 0)
    self.range = low...high
  }

  var largestChange: Double { difference.lazy.map { abs($0) }.max() ?? 0 }
  var changedCells: Int { difference.count { $0 != 0 } }

  /// Clean, changed, difference. `id` and each with a suffix are unique in the page.
  func render(id: String, title: String, description: String) -> [Markup] {
    let parts: [(name: String, cells: (Box, Int) -> [Markup])] = [
      ("clean", { [greyCell($0, clean[$1])] }), ("perturbed", { [greyCell($0, changed[$1])] }),
      ("difference", { signedCell($0, difference[$1]) }),
    ]
    return parts.map { part in
      tag(
        "div", [],
        tag("p", class: "small", .text(part.name)),
        picture(
          id: "\(id)-\(part.name)", title: "\(title): \(part.name)", description: description,
          cell: part.cells))
    }
  }

  private typealias Box = PlacedGraph.Box

  private var side: Double { max(2, min(16, (160 / Double(max(rows, columns))).rounded(.down))) }

  private func picture(
    id: String, title: String, description: String, cell: (Box, Int) -> [Markup]
  ) -> Markup {
    let side = side
    var cells: [Markup] = []
    for row in 0..<rows {
      for column in 0..<columns {
        let left = Double(column) * side
        let top = Double(row) * side
        cells += cell(
          Box(left: left, top: top, right: left + side, bottom: top + side), row * columns + column)
      }
    }
    let (width, height) = (Double(columns) * side, Double(rows) * side)
    return SVG.picture(
      id: id, width: width, height: height, title: title, description: description,
      [
        tag("g", [attribute("shape-rendering", "crispEdges")], cells),
        SVG.box(
          Box(left: 0, top: 0, right: width, bottom: height),
          [attribute("fill", "none"), attribute("stroke", SVG.hairline)]),
      ])
  }

  private func greyCell(_ box: Box, _ value: Double) -> Markup {
    let span = range.upperBound - range.lowerBound
    let share = span > 0 ? (value - range.lowerBound) / span : 0
    let level = Int((255 * min(1, max(0, share))).rounded())
    return SVG.box(box, [attribute("fill", "rgb(\(level),\(level),\(level))")])
  }

  /// Less is darker and blue, more is lighter and yellow, nothing is grey: the order of lightness is that of
  /// the values, so that it survives a printer without colour.
  private func signedCell(_ box: Box, _ value: Double) -> [Markup] {
    let share = largestChange > 0 ? value / largestChange : 0
    let end = share < 0 ? (18.0, 48.0, 120.0) : (255.0, 230.0, 130.0)
    func level(_ end: Double) -> Int { Int((168 + (end - 168) * abs(share)).rounded()) }
    let cell = SVG.box(
      box, [attribute("fill", "rgb(\(level(end.0)),\(level(end.1)),\(level(end.2)))")])
    guard share != 0, box.width >= Self.signedFrom else { return [cell] }
    let arm = (box.width * 0.28).rounded()
    let (x, y) = (box.middle.x, box.middle.y)
    let paint = [
      attribute("stroke", share < 0 ? "#ffffff" : "#000000"), attribute("stroke-width", "1"),
    ]
    let across = SVG.line(
      PlacedGraph.Point(x: x - arm, y: y), PlacedGraph.Point(x: x + arm, y: y), paint)
    guard share > 0 else { return [cell, across] }
    let upright = SVG.line(
      PlacedGraph.Point(x: x, y: y - arm), PlacedGraph.Point(x: x, y: y + arm), paint)
    return [cell, across, upright]
  }
}
