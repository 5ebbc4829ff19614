import AdversarialTesting
import AssessmentPipeline
import EngineSupport
import TensorCore
import ThreatKnowledge

/// Success rate of each test against the largest change allowed, with 95 % Clopper–Pearson intervals.
struct RobustnessPlot {
  let model: ModelAssessment
  let id: String
  private let axis: PlotAxis

  private static let width = 660.0
  private static let plot = PlacedGraph.Box(left: 64, top: 18, right: 640, bottom: 300)

  /// `nil` when no test has a budget to show. `id` is unique in the page.
  init?(of model: ModelAssessment, id: String) {
    let budgets = model.tests.flatMap { $0.result.budgets.map(\.budget) }
      .filter { $0.isFinite && $0 >= 0 }
    guard let low = budgets.min(), let high = budgets.max(), high > 0 else { return nil }
    self.model = model
    self.id = id
    axis = PlotAxis(low: low, high: high, from: Self.plot.left + 28, to: Self.plot.right - 28)
  }

  func render() -> Markup {
    let unit = model.tests.first?.unit ?? ""
    let rows = model.tests.count
    return SVG.picture(
      id: id, width: Self.width, height: Self.plot.bottom + 62 + Double(rows) * 17,
      title: "Success rate against the largest change, model \(model.id)",
      description:
        "Horizontal: largest change of any input element in \(unit). Vertical: share of correctly "
        + "classified samples that were broken. The table below the picture carries the same numbers.",
      grid(unit: unit) + model.tests.enumerated().flatMap { series($1, place: $0) })
  }

  private func grid(unit: String) -> [Markup] {
    let box = Self.plot
    var drawn: [Markup] = []
    let line = [attribute("stroke", "#d5dade"), attribute("stroke-width", "1")]
    for percent in stride(from: 0, through: 100, by: 20) {
      let y = height(of: Double(percent) / 100)
      drawn.append(
        SVG.line(
          PlacedGraph.Point(x: box.left, y: y), PlacedGraph.Point(x: box.right, y: y), line))
      drawn.append(
        SVG.text("\(percent) %", x: box.left - 8, y: y + 3.5, size: 10, anchor: "end"))
    }
    for tick in axis.ticks {
      let x = axis.place(of: tick)
      drawn.append(
        SVG.line(
          PlacedGraph.Point(x: x, y: box.bottom), PlacedGraph.Point(x: x, y: box.bottom + 5),
          [attribute("stroke", SVG.ink)]))
      drawn.append(
        SVG.text(
          DecimalText.quantity(tick), x: x, y: box.bottom + 17, size: 10, anchor: "middle"))
    }
    drawn.append(
      SVG.polyline(
        [
          PlacedGraph.Point(x: box.left, y: box.top),
          PlacedGraph.Point(x: box.left, y: box.bottom),
          PlacedGraph.Point(x: box.right, y: box.bottom),
        ], [attribute("stroke", SVG.ink)]))
    let scale = axis.isLogarithmic ? ", logarithmic" : ""
    let label =
      LabelText.wrapped(
        "largest change of any input element (\(unit)\(scale))", size: 11, width: 540, lines: 1
      ).first ?? ""
    drawn.append(
      SVG.text(
        label, x: (box.left + box.right) / 2, y: box.bottom + 36, size: 11, anchor: "middle"))
    drawn.append(
      tag(
        "text",
        [
          attribute("transform", "translate(16 \(SVG.number(box.middle.y))) rotate(-90)"),
          attribute("font-size", "11"), attribute("text-anchor", "middle"),
          attribute("fill", SVG.ink),
        ], "success rate, 95 % interval"))
    return drawn
  }

  private func series(_ test: ModelTest, place: Int) -> [Markup] {
    let marker = TestMarker(test.step)
    // Series are set a little apart, so that intervals at the same budget do not cover each other.
    let shift = (Double(place) - Double(model.tests.count - 1) / 2) * 7
    var drawn: [Markup] = []
    var points: [PlacedGraph.Point] = []
    for row in test.result.budgets where row.budget.isFinite && row.trials > 0 {
      let point = PlacedGraph.Point(
        x: axis.place(of: row.budget) + shift, y: height(of: row.rate))
      points.append(point)
      drawn += interval(row.interval, x: point.x, marker)
      if row.budget == test.chosenBudget, test.step != .errUnderNoise {
        drawn.append(
          SVG.disc(
            at: point, radius: 9.5,
            [
              attribute("fill", "none"), attribute("stroke", marker.colour),
              attribute("stroke-width", "1.4"),
            ]))
      }
    }
    if points.count > 1 {
      drawn.insert(
        SVG.polyline(
          points,
          [attribute("stroke", marker.colour), attribute("stroke-width", "1.4")] + marker.dash),
        at: 0)
    }
    drawn += points.map { marker.render(at: $0) }
    return [tag("g", [], drawn)] + key(test, marker, row: place)
  }

  private func interval(_ interval: ClopperPearson, x: Double, _ marker: TestMarker) -> [Markup] {
    let (low, high) = (height(of: interval.lower), height(of: interval.upper))
    let paint = [attribute("stroke", marker.colour), attribute("stroke-width", "1.2")]
    return [
      SVG.line(PlacedGraph.Point(x: x, y: low), PlacedGraph.Point(x: x, y: high), paint),
      SVG.line(PlacedGraph.Point(x: x - 3, y: low), PlacedGraph.Point(x: x + 3, y: low), paint),
      SVG.line(PlacedGraph.Point(x: x - 3, y: high), PlacedGraph.Point(x: x + 3, y: high), paint),
    ]
  }

  private func key(_ test: ModelTest, _ marker: TestMarker, row: Int) -> [Markup] {
    let y = Self.plot.bottom + 56 + Double(row) * 17
    let trials = test.result.budgets.map(\.trials).max() ?? 0
    var text = "\(Wording.label(of: test.step)): n = \(trials)"
    if test.step != .errUnderNoise {
      text += "; ring = the budget whose rate enters the attack graph"
    } else {
      text += "; placed at the cut-off of the noise"
    }
    return [
      marker.render(at: PlacedGraph.Point(x: Self.plot.left + 10, y: y)),
      SVG.text(text, x: Self.plot.left + 24, y: y + 3.5, size: 10.5),
    ]
  }

  private func height(of rate: Double) -> Double {
    Self.plot.bottom - min(1, max(0, rate)) * Self.plot.height
  }
}
