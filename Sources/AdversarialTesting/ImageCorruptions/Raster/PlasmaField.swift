import EngineSupport

/// A cloud: random heights in 0…1 that are alike where places are near.
///
/// Source: the midpoint displacement of Fournier, Fussell, Carpenter, "Computer rendering of stochastic
/// models", CACM 25 (1982).
struct PlasmaField {
  private let side: Int
  private var heights: [Double]

  /// - Parameters:
  ///   - size: The field covers at least so many places each way.
  ///   - decay: By how much smaller each finer displacement is; over 1.
  init(covering size: Int, decay: Double, random: inout SeededRandom) {
    var side = 1
    while side < size { side *= 2 }
    self.side = side
    heights = [Double](repeating: 0, count: side * side)
    var step = side
    var wobble = 1.0
    while step >= 2 {
      let half = step / 2
      for y in stride(from: 0, to: side, by: step) {
        for x in stride(from: 0, to: side, by: step) {
          let mean =
            (at(y, x) + at(y, x + step) + at(y + step, x) + at(y + step, x + step)) / 4
          set(y + half, x + half, mean + wobble * (2 * random.uniform() - 1))
        }
      }
      for y in stride(from: 0, to: side, by: half) {
        for x in stride(from: (y / half) % 2 == 0 ? half : 0, to: side, by: step) {
          let mean = (at(y - half, x) + at(y + half, x) + at(y, x - half) + at(y, x + half)) / 4
          set(y, x, mean + wobble * (2 * random.uniform() - 1))
        }
      }
      step = half
      wobble /= decay
    }
    let low = heights.min() ?? 0
    let high = heights.max() ?? 0
    heights = heights.map { high > low ? ($0 - low) / (high - low) : 0 }
  }

  /// The height at a place; the field repeats itself.
  func at(_ y: Int, _ x: Int) -> Double {
    heights[((y % side + side) % side) * side + (x % side + side) % side]
  }

  private mutating func set(_ y: Int, _ x: Int, _ value: Double) {
    heights[((y % side + side) % side) * side + (x % side + side) % side] = value
  }
}
