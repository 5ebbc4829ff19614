import EngineSupport
import ModelTesting
import TensorCore

/// Certified accuracy against the radius: a line for each deviation of the noise, told apart by dashes and marks.
struct SmoothingPicture {
  let results: [SmoothingResult]
  let unit: String
  private let axis: PlotAxis

  private static let plot = PlacedGraph.Box(left: 64, top: 20, right: 520, bottom: 220)
  private static let dashes = ["", "7 3", "2 3", "9 3 2 3"]

  /// `nil` where no radius is over 0.
  init?(results: [SmoothingResult], unit: String) {
    guard let high = results.flatMap({ $0.accuracy.map(\.radius) }).max(), high > 0 else {
      return nil
    }
    self.results = results
    self.unit = unit
    axis = PlotAxis(low: 0, high: high, from: Self.plot.left + 14, to: Self.plot.right - 14)
  }

  /// `id` is unique in the page.
  func render(id: String) -> Markup {
    SVG.picture(
      id: id, width: 600, height: Self.plot.bottom + 50 + 17 * Double(results.count),
      title: "Certified accuracy against radius",
      description:
        "A line for each of \(Wording.plural(results.count, "deviation", "deviations")) of the noise; every mark has its interval. "
        + "The table below the picture carries the same numbers.",
      frame + results.enumerated().flatMap { draw($1, place: $0) })
  }

  private var frame: [Markup] {
    [
      SVG.box(Self.plot, [attribute("fill", "none"), attribute("stroke", SVG.hairline)]),
      SVG.text(
        "radius, L2 (\(LabelText.wrapped(unit, size: 11, width: 160, lines: 1).first ?? ""))",
        x: Self.plot.middle.x, y: Self.plot.bottom + 34, size: 11, anchor: "middle"),
    ]
      + axis.ticks.map {
        SVG.text(
          DecimalText.quantity($0), x: axis.place(of: $0), y: Self.plot.bottom + 16, size: 9.5,
          anchor: "middle")
      }
      + [0.0, 0.25, 0.5, 0.75, 1].map {
        SVG.text(
          DecimalText.percent($0, digits: 0), x: Self.plot.left - 6, y: height(of: $0) + 3.5,
          size: 9.5, anchor: "end", colour: SVG.faint)
      }
  }

  private func draw(_ result: SmoothingResult, place: Int) -> [Markup] {
    let colour = place % 2 == 0 ? "#0b4f9e" : "#b23a00"
    let line = [attribute("stroke", colour), attribute("stroke-width", "1.4")]
    // Marks of one radius stand side by side, so that intervals do not cover each other.
    let shift = (Double(place) - Double(results.count - 1) / 2) * 5
    let points = result.accuracy.map { row in
      PlacedGraph.Point(x: axis.place(of: row.radius) + shift, y: height(of: row.share))
    }
    let dash = Self.dashes[place % Self.dashes.count]
    let dashed = line + (dash.isEmpty ? [] : [attribute("stroke-dasharray", dash)])
    let y = Self.plot.bottom + 52 + 17 * Double(place)
    var drawn = [
      SVG.polyline(points, dashed),
      SVG.line(
        PlacedGraph.Point(x: Self.plot.left, y: y), PlacedGraph.Point(x: Self.plot.left + 30, y: y),
        dashed),
      SVG.text(
        "deviation \(DecimalText.quantity(result.deviation)) \(unit)", x: Self.plot.left + 38,
        y: y + 3.5, size: 10.5),
    ]
    for (point, row) in zip(points, result.accuracy) {
      drawn.append(
        SVG.line(
          PlacedGraph.Point(x: point.x, y: height(of: row.interval.lower)),
          PlacedGraph.Point(x: point.x, y: height(of: row.interval.upper)), line))
      drawn.append(
        SVG.disc(
          at: point, radius: 3.5,
          [
            attribute("fill", place % 2 == 0 ? colour : "#ffffff"), attribute("stroke", colour),
            attribute("stroke-width", "1.4"),
          ]))
    }
    return drawn
  }

  private func height(of share: Double) -> Double {
    Self.plot.bottom - 8 - min(1, max(0, share)) * (Self.plot.height - 16)
  }
}
