/// A two-dimensional reading as cells of grey.
struct ReadingPicture {
  let rows: Int
  let columns: Int
  let values: [Double]
  let range: ClosedRange<Double>

  private static let cellsAtMost = 64 * 64

  /// `shape` without the batch: two extents over 1, all others 1; otherwise `nil`.
  init?(shape: [Int], values: [Float], range: ClosedRange<Double>) {
    let extents = shape.filter { $0 != 1 }
    guard extents.count == 2, extents.allSatisfy({ (2...256).contains($0) }),
      extents[0] * extents[1] == values.count, values.count <= Self.cellsAtMost,
      values.allSatisfy(\.isFinite)
    else { return nil }
    (rows, columns) = (extents[0], extents[1])
    self.values = values.map(Double.init)
    let low = min(range.lowerBound, self.values.min() ?? 0)
    let high = max(range.upperBound, self.values.max() ?? 0)
    self.range = low...high
  }

  func render(id: String, title: String, description: String) -> Markup {
    let side = max(2, min(16, (128 / Double(max(rows, columns))).rounded(.down)))
    let span = range.upperBound - range.lowerBound
    var cells: [Markup] = []
    for row in 0..<rows {
      for column in 0..<columns {
        let value = values[row * columns + column]
        let share = span > 0 ? (value - range.lowerBound) / span : 0
        let level = Int((255 * min(1, max(0, share))).rounded())
        let left = Double(column) * side
        let top = Double(row) * side
        cells.append(
          SVG.box(
            PlacedGraph.Box(left: left, top: top, right: left + side, bottom: top + side),
            [attribute("fill", "rgb(\(level),\(level),\(level))")]))
      }
    }
    let (width, height) = (Double(columns) * side, Double(rows) * side)
    return SVG.picture(
      id: id, width: width, height: height, title: title, description: description,
      [
        tag("g", [attribute("shape-rendering", "crispEdges")], cells),
        SVG.box(
          PlacedGraph.Box(left: 0, top: 0, right: width, bottom: height),
          [attribute("fill", "none"), attribute("stroke", SVG.hairline)]),
      ])
  }
}
