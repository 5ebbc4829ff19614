import EngineSupport

/// The geometry of Square Attack: which part of a sample a window covers, and the bumps it may hold.
///
/// A sample of rank three or more is `[channels…, height, width]`, of rank two `[height, width]`, of rank
/// one a line. Windows are squares cut off at the sample's edges and lengthened to keep their area.
struct SquareWindows {
  let channels: Int
  let height: Int
  let width: Int

  init(shape: [Int]) {
    width = shape.last ?? 1
    height = shape.count >= 2 ? shape[shape.count - 2] : 1
    channels = shape.dropLast(2).reduce(1, *)
  }

  struct Window {
    var top: Int
    var left: Int
    var height: Int
    var width: Int
  }

  /// A window that covers the share of each channel, at a random place.
  func window(
    share: Double, atLeast smallest: Int, odd: Bool, random: inout SeededRandom
  ) -> Window {
    let size = size(share: share, atLeast: smallest, odd: odd)
    return Window(
      top: random.index(below: height - size.height + 1),
      left: random.index(below: width - size.width + 1), height: size.height, width: size.width)
  }

  func size(share: Double, atLeast smallest: Int, odd: Bool) -> (height: Int, width: Int) {
    let area = share * Double(height * width)
    var side = max(Int(area.squareRoot().rounded()), smallest)
    if odd, side % 2 == 0 { side += 1 }
    if side <= min(height, width) { return (side, side) }
    let long = max(Int((area / Double(min(height, width))).rounded()), smallest)
    return height < width
      ? (height, min(width, max(side, long))) : (min(height, max(side, long)), width)
  }

  /// Positions of a window in one channel, row-major.
  func positions(_ window: Window, channel: Int) -> [Int] {
    (window.top..<window.top + window.height).flatMap { y in
      (window.left..<window.left + window.width).map { (channel * height + y) * width + $0 }
    }
  }

  /// Two opposite pyramids side by side, of Euclidean length one: the update of the L2 attack.
  static func bump(height: Int, width: Int, turned: Bool) -> [Double] {
    var bump = [Double](repeating: 0, count: height * width)
    let alongRows = height > 1 && (!turned || width == 1)
    let long = alongRows ? height : width
    let cross = alongRows ? width : height
    let half = long / 2
    for (first, length, sign) in [(0, half, 1.0), (half, long - half, -1.0)] where length > 0 {
      let pyramid = pyramid(length, cross)
      for a in 0..<length {
        for b in 0..<cross {
          bump[alongRows ? (first + a) * width + b : b * width + first + a] =
            sign * pyramid[a * cross + b]
        }
      }
    }
    let norm = bump.reduce(0) { $0 + $1 * $1 }.squareRoot()
    return norm > 0 ? bump.map { $0 / norm } : bump
  }

  /// Nested rectangles around the middle, each adding the reciprocal square of its number.
  private static func pyramid(_ rows: Int, _ columns: Int) -> [Double] {
    var values = [Double](repeating: 0, count: rows * columns)
    let (middleRow, middleColumn) = (rows / 2, columns / 2)
    for ring in 0..<max(rows / 2 + 1, columns / 2 + 1) {
      let weight = 1 / Double((ring + 1) * (ring + 1))
      for row in max(0, middleRow - ring)..<min(rows, middleRow + ring + 1) {
        for column in max(0, middleColumn - ring)..<min(columns, middleColumn + ring + 1) {
          values[row * columns + column] += weight
        }
      }
    }
    let norm = values.reduce(0) { $0 + $1 * $1 }.squareRoot()
    return values.map { $0 / norm }
  }
}
