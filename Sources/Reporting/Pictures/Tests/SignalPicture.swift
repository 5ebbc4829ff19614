import EngineSupport
import ModelTesting

/// A window of a time series, clean and perturbed, a panel for each channel, with the difference beneath.
struct SignalPicture {
  /// One channel over time, in its own unit.
  struct Trace {
    var name: String
    var unit: String
    var clean: [Double]
    var changed: [Double]

    var difference: [Double] { zip(clean, changed).map { $1 - $0 } }
    var largestChange: Double { difference.lazy.map { abs($0) }.max() ?? 0 }
  }

  /// Those that were changed, the most by their channel's span first; all where nothing was.
  let traces: [Trace]
  /// Channels of the sample.
  let channels: Int
  let changedChannels: Int

  private static let tracesAtMost = 8
  private static let instants = 2...4_096
  private static let panel = (width: 640.0, lines: 92.0, difference: 44.0, pitch: 190.0)
  private static let left = 84.0
  private static let right = 624.0
  private static let clean = "#55606b"
  private static let changed = "#b23a00"

  /// `nil` where a sample has other axes than time and channel, or values that are not finite.
  init?(
    layout: [TestPlan.Axis], shape: [Int], channels: [TestPlan.Channel], clean: [Double],
    changed: [Double]
  ) {
    guard layout.count == shape.count, let time = layout.firstIndex(of: .time),
      layout.allSatisfy({ $0 == .time || $0 == .channel }), layout.count <= 2,
      Self.instants.contains(shape[time]), clean.count == changed.count, !channels.isEmpty,
      clean.count == shape[time] * channels.count,
      (clean + changed).allSatisfy({ $0.isFinite && abs($0) < 1e30 })
    else { return nil }
    let (instants, count) = (shape[time], channels.count)
    func line(_ values: [Double], _ channel: Int) -> [Double] {
      (0..<instants).map { values[time == 0 ? $0 * count + channel : channel * instants + $0] }
    }
    let all = channels.enumerated().map { place, channel in
      Trace(
        name: channel.name, unit: channel.unit, clean: line(clean, place),
        changed: line(changed, place))
    }
    let moved = all.indices.filter { all[$0].largestChange > 0 }
    self.channels = count
    changedChannels = moved.count
    func share(_ place: Int) -> Double {
      channels[place].span > 0 ? all[place].largestChange / channels[place].span : 0
    }
    let order = moved.sorted { (share($1), $0) < (share($0), $1) }
    let shown = order.isEmpty ? Array(all.indices) : order
    traces = shown.prefix(Self.tracesAtMost).map { all[$0] }
  }

  var caption: String {
    let changes = traces.filter { $0.largestChange > 0 }.map {
      "\($0.name) by at most \(DecimalText.quantity($0.largestChange, figures: 4)) \($0.unit)"
    }.joined(separator: "; ")
    let rest = changedChannels > traces.count ? ", of which \(traces.count) are shown" : ""
    return "Grey: clean; orange, dashed: perturbed; beneath each panel: perturbed less clean. "
      + "\(changedChannels) of \(Wording.plural(channels, "channel", "channels")) changed\(rest)"
      + (changes.isEmpty ? "." : ": \(changes).")
  }

  /// `id` is unique in the page.
  func render(id: String, title: String, description: String) -> Markup {
    SVG.picture(
      id: id, width: Self.panel.width, height: Double(traces.count) * Self.panel.pitch,
      title: title, description: description,
      traces.enumerated().flatMap { draw($1, top: Double($0) * Self.panel.pitch) })
  }

  private func draw(_ trace: Trace, top: Double) -> [Markup] {
    let lines = PlacedGraph.Box(
      left: Self.left, top: top + 20, right: Self.right, bottom: top + 20 + Self.panel.lines)
    let beneath = PlacedGraph.Box(
      left: Self.left, top: lines.bottom + 8, right: Self.right,
      bottom: lines.bottom + 8 + Self.panel.difference)
    let values = trace.clean + trace.changed
    let range = (values.min() ?? 0)...(values.max() ?? 0)
    let swing = trace.largestChange
    let name =
      LabelText.wrapped("\(trace.name) (\(trace.unit))", size: 11, width: 520, lines: 1).first ?? ""
    return [SVG.text(name, x: Self.left, y: top + 14, size: 11, isBold: true)]
      + frame(lines, range) + frame(beneath, -swing...swing)
      + [
        line(trace.clean, in: lines, range, colour: Self.clean, dash: []),
        line(
          trace.changed, in: lines, range, colour: Self.changed,
          dash: [attribute("stroke-dasharray", "5 2")]),
        SVG.line(
          PlacedGraph.Point(x: beneath.left, y: beneath.middle.y),
          PlacedGraph.Point(x: beneath.right, y: beneath.middle.y),
          [attribute("stroke", SVG.hairline), attribute("stroke-width", "0.8")]),
        line(
          trace.difference, in: beneath, -swing...swing, colour: Self.changed, dash: []),
        SVG.text("1", x: Self.left, y: beneath.bottom + 13, size: 9.5, colour: SVG.faint),
        SVG.text(
          "sample of the window", x: (Self.left + Self.right) / 2, y: beneath.bottom + 13,
          size: 9.5, anchor: "middle", colour: SVG.faint),
        SVG.text(
          "\(trace.clean.count)", x: Self.right, y: beneath.bottom + 13, size: 9.5, anchor: "end",
          colour: SVG.faint),
      ]
  }

  private func frame(_ box: PlacedGraph.Box, _ range: ClosedRange<Double>) -> [Markup] {
    let outline = SVG.box(
      box, [attribute("fill", "none"), attribute("stroke", SVG.hairline)])
    func label(_ value: Double, _ y: Double) -> Markup {
      SVG.text(
        DecimalText.quantity(value, figures: 4), x: box.left - 6, y: y, size: 9.5, anchor: "end",
        colour: SVG.faint)
    }
    guard range.upperBound > range.lowerBound else {
      return [outline, label(range.lowerBound, box.middle.y + 3.5)]
    }
    return [
      outline, label(range.upperBound, box.top + 7), label(range.lowerBound, box.bottom),
    ]
  }

  private func line(
    _ values: [Double], in box: PlacedGraph.Box, _ range: ClosedRange<Double>, colour: String,
    dash: [Markup.Attribute]
  ) -> Markup {
    let span = range.upperBound - range.lowerBound
    let steps = Double(max(1, values.count - 1))
    let points = values.enumerated().map { place, value in
      let share = span > 0 ? (value - range.lowerBound) / span : 0.5
      return PlacedGraph.Point(
        x: box.left + Double(place) / steps * box.width,
        y: box.bottom - 3 - share * (box.height - 6))
    }
    return SVG.polyline(
      points, [attribute("stroke", colour), attribute("stroke-width", "1.6")] + dash)
  }
}
