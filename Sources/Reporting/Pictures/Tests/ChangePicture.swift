import EngineSupport
import ModelTesting

/// What an attack changed in a snapshot of channels: a bar for each changed channel, the largest first.
struct ChangePicture {
  /// One changed channel.
  struct Bar {
    var name: String
    var unit: String
    var clean: Double
    var changed: Double
    /// The change in the picture's measure, with its sign.
    var length: Double
  }

  /// What the bars' lengths count.
  enum Measure: Hashable {
    case unit(String)
    case noise, span

    var words: String {
      switch self {
      case .unit(let unit): unit
      case .noise: "× noise at rest"
      case .span: "% of span"
      }
    }
  }

  let bars: [Bar]
  let measure: Measure
  let changedChannels: Int
  let channels: Int

  private static let barsAtMost = 20
  private static let names = 190.0
  private static let zero = 330.0
  private static let reach = 130.0
  private static let width = 700.0
  private static let top = 26.0
  private static let pitch = 18.0

  /// `nil` where nothing changed, or not every value is finite. Lengths are in `× noise` where `inNoise` and every
  /// changed channel has a noise, otherwise in the channels' unit where they share one.
  init?(
    channels: [TestPlan.Channel], clean: [Double], changed: [Double], inNoise: Bool
  ) {
    guard channels.count == clean.count, changed.count == clean.count,
      (clean + changed).allSatisfy({ $0.isFinite && abs($0) < 1e30 })
    else { return nil }
    let moved = channels.indices.filter { clean[$0] != changed[$0] }
    guard let first = moved.first else { return nil }
    let measure: Measure =
      if inNoise, moved.allSatisfy({ channels[$0].noise > 0 }) {
        .noise
      } else if moved.allSatisfy({ channels[$0].unit == channels[first].unit }) {
        .unit(channels[first].unit)
      } else {
        .span
      }
    func length(_ place: Int) -> Double {
      let change = changed[place] - clean[place]
      switch measure {
      case .unit: return change
      case .noise: return change / channels[place].noise
      case .span: return channels[place].span > 0 ? change / channels[place].span * 100 : 0
      }
    }
    let order = moved.map { (place: $0, length: length($0)) }
      .sorted { (abs($1.length), $0.place) < (abs($0.length), $1.place) }
    self.measure = measure
    self.channels = channels.count
    changedChannels = moved.count
    bars = order.prefix(Self.barsAtMost).map { place, length in
      Bar(
        name: channels[place].name, unit: channels[place].unit, clean: clean[place],
        changed: changed[place], length: length)
    }
  }

  var caption: String {
    let rest = changedChannels > bars.count ? "; the \(bars.count) largest are shown" : ""
    return
      "\(changedChannels) of \(Wording.plural(channels, "channel", "channels")) changed\(rest). "
      + "Lengths in \(measure.words); outlined to the left is less, filled to the right is more."
  }

  /// `id` is unique in the page.
  func render(id: String, title: String, description: String) -> Markup {
    let bottom = Self.top + Double(bars.count) * Self.pitch
    let head =
      LabelText.wrapped("change (\(measure.words))", size: 9.5, width: 250, lines: 1).first ?? ""
    return SVG.picture(
      id: id, width: Self.width, height: bottom + 10, title: title, description: description,
      [
        SVG.text(
          head, x: Self.zero, y: Self.top - 10, size: 9.5, anchor: "middle", colour: SVG.faint),
        SVG.text(
          "clean → perturbed", x: Self.zero + Self.reach + 66, y: Self.top - 10, size: 9.5,
          colour: SVG.faint),
      ] + bars.enumerated().flatMap { draw($1, place: $0) }
        + [
          SVG.line(
            PlacedGraph.Point(x: Self.zero, y: Self.top - 4),
            PlacedGraph.Point(x: Self.zero, y: bottom + 2),
            [attribute("stroke", SVG.ink)])
        ])
  }

  private func draw(_ bar: Bar, place: Int) -> [Markup] {
    let top = Self.top + Double(place) * Self.pitch + 3
    let base = top + 9.5
    let longest = bars.map { abs($0.length) }.max() ?? 0
    // Room for the figure beside a bar to the left.
    let reach = Self.reach - 62
    let end = Self.zero + (longest > 0 ? bar.length / longest : 0) * reach
    let isMore = bar.length >= 0
    let paint =
      isMore
      ? [attribute("fill", "#b23a00")]
      : [attribute("fill", "#ffffff"), attribute("stroke", "#0b4f9e")]
    let name =
      LabelText.wrapped(bar.name, size: 10.5, width: Self.names, lines: 1).first ?? ""
    return [
      SVG.text(name, x: Self.names + 20, y: base, size: 10.5, anchor: "end"),
      SVG.box(
        PlacedGraph.Box(
          left: min(Self.zero, end), top: top, right: max(Self.zero, end), bottom: top + 12), paint),
      SVG.text(
        (isMore ? "+" : "") + Self.short(bar.length), x: end + (isMore ? 4 : -4), y: base,
        size: 9.5,
        anchor: isMore ? "start" : "end"),
      SVG.text(
        LabelText.wrapped(Self.readings(bar), size: 9.5, width: 168, lines: 1).first ?? "",
        x: Self.zero + Self.reach + 66, y: base, size: 9.5),
    ]
  }

  private static func readings(_ bar: Bar) -> String {
    "\(DecimalText.quantity(bar.clean)) → \(DecimalText.quantity(bar.changed)) \(bar.unit)"
  }

  /// Two decimals, more for what would show as nothing.
  private static func short(_ value: Double) -> String {
    abs(value) >= 0.1 ? DecimalText.fixed(value, digits: 2) : DecimalText.quantity(value)
  }
}
