import AdversarialTesting
import EngineSupport

/// One horizontal bar for each sample: dark as far as it is certified, light as far as it is open.
struct BracketPicture {
  let brackets: [Bracket]
  let budgets: [Double]
  let unit: String
  let title: String
  /// What the reader must know of the axis.
  let axisNote: String
  private let axis: PlotAxis
  private let low: Double
  /// Beyond this nothing is asked; `nil` where distances have no end.
  private let end: Double?

  private static let left = 74.0
  private static let right = 480.0
  private static let width = 660.0
  private static let top = 30.0
  private static let pitch = 15.0
  private static let proved = "#0b4f9e"
  private static let open = "#bcd3ee"

  /// `nil` where no budget is over 0.
  ///
  /// - Parameter end: Beyond this nothing is asked; a bar that is certified so far is whole.
  init?(
    brackets: [Bracket], budgets: [Double], unit: String, title: String, end: Double? = nil
  ) {
    let limits = budgets.filter { $0.isFinite && $0 > 0 }
    let found = brackets.compactMap(\.found)
    let distances = (brackets.map(\.certified) + found).filter { $0.isFinite && $0 > 0 }
    guard let smallest = limits.min(), let high = (limits + distances).max() else { return nil }
    self.brackets = brackets
    self.budgets = limits
    self.unit = unit
    self.title = title
    self.end = end
    // The axis starts at the smallest budget halved as often as the distances ask for, ten times at most.
    var low = smallest
    let nearest = distances.min() ?? smallest
    for _ in 0..<10 where low > nearest { low /= 2 }
    self.low = low
    axis = PlotAxis(low: low, high: high, from: Self.left, to: Self.right)
    axisNote =
      axis.isLogarithmic
      ? "; the axis is logarithmic, and what is below \(DecimalText.quantity(low)) stands at its left end"
      : ""
  }

  /// `id` is unique in the page.
  func render(id: String) -> Markup {
    let bottom = Self.top + Double(brackets.count) * Self.pitch
    return SVG.picture(
      id: id, width: Self.width, height: bottom + 44, title: title,
      description:
        "A bar for each of \(brackets.count) samples, by what is certified: dark up to the certified distance, "
        + "light from there to the nearest example found. The table below the picture carries the same numbers.",
      grid(bottom: bottom) + brackets.enumerated().flatMap { bar($1, place: $0) })
  }

  private func grid(bottom: Double) -> [Markup] {
    var drawn: [Markup] = []
    for budget in budgets {
      let x = axis.place(of: budget)
      drawn.append(
        SVG.line(
          PlacedGraph.Point(x: x, y: Self.top - 6), PlacedGraph.Point(x: x, y: bottom),
          [attribute("stroke", SVG.hairline), attribute("stroke-dasharray", "4 3")]))
      drawn.append(
        SVG.text(
          DecimalText.quantity(budget), x: x, y: Self.top - 10, size: 9.5, anchor: "middle",
          colour: SVG.faint))
    }
    for tick in axis.ticks {
      let x = axis.place(of: tick)
      drawn.append(
        SVG.line(
          PlacedGraph.Point(x: x, y: bottom), PlacedGraph.Point(x: x, y: bottom + 5),
          [attribute("stroke", SVG.ink)]))
      drawn.append(
        SVG.text(
          DecimalText.quantity(tick), x: x, y: bottom + 16, size: 9.5, anchor: "middle"))
    }
    drawn.append(
      SVG.line(
        PlacedGraph.Point(x: Self.left, y: bottom), PlacedGraph.Point(x: Self.right, y: bottom),
        [attribute("stroke", SVG.ink)]))
    let scale = axis.isLogarithmic ? ", logarithmic" : ""
    let label =
      LabelText.wrapped("distance (\(unit)\(scale))", size: 11, width: 400, lines: 1).first ?? ""
    drawn.append(
      SVG.text(label, x: (Self.left + Self.right) / 2, y: bottom + 34, size: 11, anchor: "middle"))
    drawn.append(
      SVG.text(
        "certified – found", x: Self.right + 24, y: Self.top - 10, size: 9.5, colour: SVG.faint))
    return drawn
  }

  private func bar(_ bracket: Bracket, place: Int) -> [Markup] {
    let top = Self.top + Double(place) * Self.pitch + 2.5
    let middle = top + 5
    var drawn = [
      SVG.text("row \(bracket.index)", x: Self.left - 8, y: middle + 3.5, size: 9.5, anchor: "end")
    ]
    func box(_ from: Double, _ to: Double, _ colour: String) {
      guard to > from else { return }
      drawn.append(
        SVG.box(
          PlacedGraph.Box(left: from, top: top, right: to, bottom: top + 10),
          [attribute("fill", colour)]))
    }
    let certified = bracket.certified > 0 ? axis.place(of: bracket.certified) : Self.left
    let isWhole = bracket.certified == .infinity
    let reached = isWhole ? Self.right : certified
    box(Self.left, reached, Self.proved)
    if let found = bracket.found {
      box(reached, axis.place(of: found), Self.open)
      let x = axis.place(of: found)
      if bracket.isExact {
        drawn.append(
          SVG.disc(
            at: PlacedGraph.Point(x: x, y: middle), radius: 4,
            [
              attribute("fill", "#b23a00"), attribute("stroke", "#ffffff"),
              attribute("stroke-width", "1"),
            ]))
      } else {
        drawn.append(
          SVG.line(
            PlacedGraph.Point(x: x, y: top), PlacedGraph.Point(x: x, y: top + 10),
            [attribute("stroke", "#b23a00"), attribute("stroke-width", "2")]))
      }
    } else {
      box(reached, end.map(axis.place) ?? Self.right, Self.open)
      if end == nil {
        drawn.append(
          SVG.arrowHead(
            tip: PlacedGraph.Point(x: Self.right + 12, y: middle),
            from: PlacedGraph.Point(x: Self.right, y: middle),
            colour: isWhole ? Self.proved : Self.open, size: 12))
      }
    }
    return drawn + [
      SVG.text(Self.text(of: bracket), x: Self.right + 24, y: middle + 3.5, size: 9.5)
    ]
  }

  /// What stands beside a bar, as the table beneath has it.
  static func text(of bracket: Bracket) -> String {
    let certified = BracketPart.distance(bracket.certified)
    return "\(certified) – \(bracket.found.map(BracketPart.distance) ?? "none found")"
  }
}
