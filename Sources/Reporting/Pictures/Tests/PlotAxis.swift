import TensorCore

/// A horizontal axis from 0 or, where budgets span more than a factor of eight, a logarithmic one.
struct PlotAxis {
  let isLogarithmic: Bool
  let ticks: [Double]
  private let low: Double
  private let high: Double
  private let from: Double
  private let to: Double

  /// `0 ≤ low ≤ high`, `high > 0`; `from` and `to` are places in points.
  init(low: Double, high: Double, from: Double, to: Double) {
    isLogarithmic = low > 0 && high / low > 8 && high / low < 1e12
    self.low = isLogarithmic ? low : 0
    self.high = high
    self.from = from
    self.to = to
    ticks = isLogarithmic ? Self.steps(low, high) : Self.even(high)
  }

  func place(of value: Double) -> Double {
    let share =
      isLogarithmic
      ? PortableMath.log(max(value, low) / low) / PortableMath.log(high / low)
      : value / high
    return from + (to - from) * min(1, max(0, share))
  }

  /// low, 2 low, 4 low … up to high; every other one when there are many.
  private static func steps(_ low: Double, _ high: Double) -> [Double] {
    var ticks: [Double] = []
    var tick = low
    let factor = high / low > 1024 ? 10.0 : 2.0
    while tick <= high * 1.000001, ticks.count < 14 {
      ticks.append(tick)
      tick *= factor
    }
    return ticks
  }

  /// Multiples of 1, 2 or 5 times a power of ten, four to ten of them.
  private static func even(_ high: Double) -> [Double] {
    var unit = 1.0
    while unit > high { unit /= 10 }
    while unit * 10 <= high { unit *= 10 }
    let count = high / unit
    let step = count >= 5 ? unit : count >= 2 ? unit / 2 : unit / 5
    var ticks: [Double] = []
    while Double(ticks.count) * step <= high * 1.000001, ticks.count < 14 {
      ticks.append(Double(ticks.count) * step)
    }
    return ticks
  }
}
