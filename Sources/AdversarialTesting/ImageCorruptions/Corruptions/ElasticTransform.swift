public import EngineSupport

/// The picture is stretched and bent a little, as on a warped label.
public struct ElasticTransform: ImageCorruption {
  public static let name = "elastic-transform"
  public static let summary = "The object is stretched and bent a little."
  /// Strength of the bending, its smoothness, and the greatest shift of the corners: shares of the side.
  private static let ladder = [
    (0.0, 0.0, 0.08), (0.05, 0.2, 0.07), (0.08, 0.06, 0.06), (0.1, 0.04, 0.05), (0.1, 0.03, 0.03),
  ]
  public static let meanings = ladder.map {
    "bent by \(DecimalText.quantity($0.0)) of the side, smooth over \(DecimalText.quantity($0.1)), corners shifted by up to \(DecimalText.quantity($0.2))"
  }

  public init() {}

  public func corrupt(
    _ image: RasterImage, severity: Int, random: inout SeededRandom
  ) -> RasterImage {
    let (strength, smoothness, corners) = step(Self.ladder, severity)
    let side = Double(min(image.height, image.width))
    // An affine map by the shifts of three points around the centre.
    let shifts = (0..<6).map { _ in corners * side * (2 * random.uniform() - 1) }
    func field() -> RasterImage {
      RasterImage(
        channels: 1, height: image.height, width: image.width,
        values: (0..<image.height * image.width).map { _ in 2 * random.uniform() - 1 }
      ).blurred(deviation: smoothness * side)
    }
    let (dy, dx) = (field(), field())
    let (cy, cx) = (Double(image.height - 1) / 2, Double(image.width - 1) / 2)
    let third = max(side / 3, 1)
    return image.map { channel, y, x in
      let v = (Double(y) - cy) / third
      let u = (Double(x) - cx) / third
      let place = dy.index(0, y, x)
      return image.bilinear(
        channel,
        Double(y) + shifts[0] + v * (shifts[2] - shifts[0]) + u * (shifts[4] - shifts[0])
          + strength * side * dy.values[place],
        Double(x) + shifts[1] + v * (shifts[3] - shifts[1]) + u * (shifts[5] - shifts[1])
          + strength * side * dx.values[place])
    }
  }
}
