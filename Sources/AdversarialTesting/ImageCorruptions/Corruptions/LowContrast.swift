public import EngineSupport

/// Light and dark lie closer together.
public struct LowContrast: ImageCorruption {
  public static let name = "contrast"
  public static let summary = "Light and dark lie closer together."
  private static let ladder = [0.75, 0.5, 0.4, 0.3, 0.15]
  public static let meanings = ladder.map {
    "contrast times \(DecimalText.quantity($0))"
  }

  public init() {}

  public func corrupt(
    _ image: RasterImage, severity: Int, random: inout SeededRandom
  ) -> RasterImage {
    let share = step(Self.ladder, severity)
    let pixels = image.height * image.width
    let means = (0..<image.channels).map { channel in
      image.values[channel * pixels..<(channel + 1) * pixels].reduce(0, +) / Double(pixels)
    }
    return image.map { channel, y, x in
      (image.values[image.index(channel, y, x)] - means[channel]) * share + means[channel]
    }
  }
}
