public import EngineSupport

/// A cloud before the object, which lightens and flattens it.
public struct Fog: ImageCorruption {
  public static let name = "fog"
  public static let summary = "Fog or vapour lies before the object."
  /// Thickness, and how smooth the cloud is.
  private static let ladder = [(0.2, 3), (0.5, 3), (0.75, 2.5), (1, 2), (1.5, 1.75)]
  public static let meanings = ladder.map {
    "thickness \(DecimalText.quantity($0.0)), smoothness \(DecimalText.quantity($0.1))"
  }

  public init() {}

  public func corrupt(
    _ image: RasterImage, severity: Int, random: inout SeededRandom
  ) -> RasterImage {
    let (thickness, decay) = step(Self.ladder, severity)
    let cloud = PlasmaField(
      covering: max(image.height, image.width), decay: decay, random: &random)
    let brightest = image.values.max() ?? 1
    return image.map { channel, y, x in
      (image.values[image.index(channel, y, x)] + thickness * cloud.at(y, x)) * brightest
        / (brightest + thickness)
    }
  }
}
