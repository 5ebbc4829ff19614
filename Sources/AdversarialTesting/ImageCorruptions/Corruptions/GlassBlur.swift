public import EngineSupport

/// Seen through structured glass: neighbouring pixels are exchanged at random.
public struct GlassBlur: ImageCorruption {
  public static let name = "glass-blur"
  public static let summary = "Scratched or structured glass lies before the lens."
  /// Softening, reach of an exchange, rounds.
  private static let ladder = [
    (0.05, 1.0, 1), (0.25, 1, 1), (0.4, 1, 1), (0.25, 1, 2), (0.4, 1, 2),
  ]
  public static let meanings = ladder.map {
    "softened by \(DecimalText.quantity($0.0)) and exchanged over \(DecimalText.quantity($0.1)), in pixels of 32, rounds: \($0.2)"
  }

  public init() {}

  public func corrupt(
    _ image: RasterImage, severity: Int, random: inout SeededRandom
  ) -> RasterImage {
    let (softening, reach, rounds) = step(Self.ladder, severity)
    var result = image.blurred(deviation: softening * image.scale)
    let distance = max(Int((reach * image.scale).rounded()), 1)
    for _ in 0..<rounds {
      for y in stride(from: image.height - 1, through: 0, by: -1) {
        for x in stride(from: image.width - 1, through: 0, by: -1) {
          let otherY = min(
            max(y + random.index(below: 2 * distance + 1) - distance, 0), image.height - 1)
          let otherX = min(
            max(x + random.index(below: 2 * distance + 1) - distance, 0), image.width - 1)
          for channel in 0..<image.channels {
            result.values.swapAt(
              image.index(channel, y, x), image.index(channel, otherY, otherX))
          }
        }
      }
    }
    return result.blurred(deviation: softening * image.scale)
  }
}
