import AdversarialTesting
import EngineSupport
import TensorCore
import ThreatKnowledge

/// Success rate of campaigns whose budgets share a measure against that budget, with 95 % Clopper–Pearson intervals.
struct RobustnessPlot {
  let campaigns: [ShownCampaign]
  let model: String
  let id: String
  private let measure: Measure
  private let axis: PlotAxis

  private static let width = 660.0
  private static let plot = PlacedGraph.Box(left: 64, top: 18, right: 640, bottom: 300)

  /// What the horizontal axis counts. Campaigns with different ones never share a picture.
  private struct Measure: Hashable {
    var norm: PerturbationNorm
    var unit: String
    /// Streams are counted by their events, samples one by one.
    var isOverStreams: Bool

    init(of campaign: ShownCampaign) {
      norm = campaign.norm
      isOverStreams = campaign.isOverStreams
      unit = campaign.step == .errUnderNoise ? "× noise at rest" : campaign.unit
    }

    var words: String {
      switch norm {
      case .linf: "largest change of any input element"
      case .l2: "Euclidean length of the change"
      case .l1: "sum of the changes"
      case .l0: "elements changed"
      }
    }
  }

  /// One plot for each measure, in the order of the campaigns. A lone campaign with a lone budget has none: its
  /// table says as much. `id`, and with a number behind it, is unique in the page.
  static func all(of campaigns: [ShownCampaign], model: String, id: String) -> [RobustnessPlot] {
    var groups: [(measure: Measure, members: [ShownCampaign])] = []
    for campaign in campaigns {
      let measure = Measure(of: campaign)
      if let place = groups.firstIndex(where: { $0.measure == measure }) {
        groups[place].members.append(campaign)
      } else {
        groups.append((measure, [campaign]))
      }
    }
    let drawn = groups.filter { group in
      group.members.count > 1 || group.members.contains { $0.result.budgets.count > 1 }
    }
    return drawn.enumerated().compactMap { place, group in
      RobustnessPlot(
        of: group.members, measure: group.measure, model: model,
        id: place == 0 ? id : "\(id)-\(place + 1)")
    }
  }

  /// `nil` when no campaign has a budget to show.
  private init?(of campaigns: [ShownCampaign], measure: Measure, model: String, id: String) {
    let budgets = campaigns.flatMap { $0.result.budgets.map(\.budget) }
      .filter { $0.isFinite && $0 >= 0 }
    guard let low = budgets.min(), let high = budgets.max(), high > 0 else { return nil }
    self.campaigns = campaigns
    self.measure = measure
    self.model = model
    self.id = id
    axis = PlotAxis(low: low, high: high, from: Self.plot.left + 28, to: Self.plot.right - 28)
  }

  var caption: String {
    let trials = campaigns.map { campaign in
      "\(campaign.id): n = \(campaign.result.budgets.map(\.trials).max() ?? 0)"
    }
    return "Success rate against the \(measure.words) (\(measure.unit)), with 95 % Clopper–Pearson "
      + "intervals. Trials: \(trials.joined(separator: "; "))."
  }

  /// Lines of the key: a campaign, and the rate beside it where there is one.
  private var series: [(campaign: ShownCampaign, isBeside: Bool)] {
    campaigns.flatMap { campaign in
      [(campaign, false)] + (campaign.beside == nil ? [] : [(campaign, true)])
    }
  }

  func render() -> Markup {
    let series = series
    return SVG.picture(
      id: id, width: Self.width, height: Self.plot.bottom + 62 + Double(series.count) * 17,
      title: "Success rate against the \(measure.words), model \(model)",
      description:
        "Horizontal: \(measure.words) in \(measure.unit). Vertical: share of correctly "
        + "answered samples that were broken. The tables below the picture carry the same numbers.",
      grid
        + series.enumerated().flatMap { place, one in
          self.draw(one.campaign, isBeside: one.isBeside, place: place, of: series.count)
        })
  }

  private var grid: [Markup] {
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
        "\(measure.words) (\(measure.unit)\(scale))", size: 11, width: 540, lines: 1
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

  private func draw(
    _ campaign: ShownCampaign, isBeside: Bool, place: Int, of count: Int
  ) -> [Markup] {
    guard let result = isBeside ? campaign.beside?.result : campaign.result else { return [] }
    let marker = TestMarker(campaign.step, isHollow: isBeside)
    // Series are set a little apart, so that intervals at the same budget do not cover each other.
    let shift = (Double(place) - Double(count - 1) / 2) * 9
    var drawn: [Markup] = []
    var points: [PlacedGraph.Point] = []
    for row in result.budgets where row.budget.isFinite && row.trials > 0 {
      let point = PlacedGraph.Point(
        x: axis.place(of: row.budget) + shift, y: height(of: row.rate))
      points.append(point)
      drawn += interval(row.interval, x: point.x, marker)
      if row.budget == campaign.chosen, campaign.step != .errUnderNoise, !isBeside {
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
    return [tag("g", [], drawn)] + key(campaign, result, marker, row: place)
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

  private func key(
    _ campaign: ShownCampaign, _ result: CampaignResult, _ marker: TestMarker, row: Int
  ) -> [Markup] {
    let y = Self.plot.bottom + 56 + Double(row) * 17
    let trials = result.budgets.map(\.trials).max() ?? 0
    let name = Wording.label(of: campaign.step) + (campaign.isOverStreams ? ", streams" : "")
    var text = "\(name): n = \(trials)"
    if marker.isHollow, let beside = campaign.beside {
      text = "\(name), \(beside.key): n = \(trials)"
    } else if campaign.step != .errUnderNoise {
      text += "; ring = the chosen budget"
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
