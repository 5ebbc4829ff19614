public import EngineSupport

/// More light than the exposure allows for.
public struct Brightness: ImageCorruption {
  public static let name = "brightness"
  public static let summary = "There is more light than the exposure allows for."
  private static let ladder = [0.05, 0.1, 0.15, 0.2, 0.3]
  public static let meanings = ladder.map {
    "brighter by \(DecimalText.quantity($0)) of full scale"
  }

  public init() {}

  /// Adds to the brightest channel of a pixel and scales the others with it, which keeps colours.
  public func corrupt(
    _ image: RasterImage, severity: Int, random: inout SeededRandom
  ) -> RasterImage {
    let more = step(Self.ladder, severity)
    return image.map { channel, y, x in
      let brightest = (0..<image.channels).map { image.values[image.index($0, y, x)] }.max() ?? 0
      let value = image.values[image.index(channel, y, x)]
      return brightest > 0 ? value * min(brightest + more, 1) / brightest : more
    }
  }
}
