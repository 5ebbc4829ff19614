public import EngineSupport

/// The camera moved while the shutter was open.
public struct MotionBlur: ImageCorruption {
  public static let name = "motion-blur"
  public static let summary = "The camera moved while the shutter was open."
  /// Length and its standard deviation.
  private static let ladder = [(6.0, 1.0), (6, 1.5), (6, 2), (8, 2), (9, 2.5)]
  public static let meanings = ladder.map {
    "path of \(DecimalText.quantity($0.0)), deviation \(DecimalText.quantity($0.1)), in pixels of 32"
  }

  public init() {}

  public func corrupt(
    _ image: RasterImage, severity: Int, random: inout SeededRandom
  ) -> RasterImage {
    let (length, deviation) = step(Self.ladder, severity)
    let direction = (random.uniform() - 0.5) * .pi / 2
    return image.moved(
      radius: length * image.scale, deviation: deviation * image.scale, direction: direction)
  }
}
