public import EngineSupport

/// Crystals of ice on the glass: bright ridges that cover a part of the picture.
///
/// The benchmark lays photographs of frosted windows over the image; here the crystals are the ridges of a
/// random field, so that no photograph is needed and every one is reproducible.
public struct Frost: ImageCorruption {
  public static let name = "frost"
  public static let summary = "Ice crystals cover a part of the glass."
  /// What is left of the image, and the weight of the ice.
  private static let ladder = [(1, 0.2), (1, 0.3), (0.9, 0.4), (0.85, 0.4), (0.75, 0.45)]
  public static let meanings = ladder.map {
    "\(DecimalText.quantity($0.0)) of the image, ice of weight \(DecimalText.quantity($0.1))"
  }

  public init() {}

  public func corrupt(
    _ image: RasterImage, severity: Int, random: inout SeededRandom
  ) -> RasterImage {
    let (left, ice) = step(Self.ladder, severity)
    let field = PlasmaField(covering: max(image.height, image.width), decay: 1.6, random: &random)
    return image.map { channel, y, x in
      let ridge = 1 - abs(2 * field.at(y, x) - 1)
      return left * image.values[image.index(channel, y, x)] + ice * ridge * ridge
    }
  }
}
