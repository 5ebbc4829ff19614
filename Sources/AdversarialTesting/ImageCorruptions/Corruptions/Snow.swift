public import EngineSupport

/// Flakes or drops that fall through the picture, drawn out by their motion.
public struct Snow: ImageCorruption {
  public static let name = "snow"
  public static let summary = "Flakes or drops fall before the object."

  private struct Step {
    /// Mean and deviation of the flakes' field, enlargement, the height below which there is no flake,
    /// length and deviation of the motion, what is left of the image.
    var mean, deviation, zoom, threshold, length, spread, left: Double
  }

  private static let ladder = [
    Step(mean: 0.1, deviation: 0.2, zoom: 1, threshold: 0.6, length: 8, spread: 3, left: 0.95),
    Step(mean: 0.1, deviation: 0.2, zoom: 1, threshold: 0.5, length: 10, spread: 4, left: 0.9),
    Step(mean: 0.15, deviation: 0.3, zoom: 1.75, threshold: 0.55, length: 10, spread: 4, left: 0.9),
    Step(mean: 0.25, deviation: 0.3, zoom: 2.25, threshold: 0.6, length: 12, spread: 6, left: 0.85),
    Step(mean: 0.3, deviation: 0.3, zoom: 1.25, threshold: 0.65, length: 14, spread: 12, left: 0.8),
  ]
  public static let meanings = ladder.map {
    "flakes of mean \(DecimalText.quantity($0.mean)) above \(DecimalText.quantity($0.threshold)), moved by "
      + "\(DecimalText.quantity($0.length)) pixels of 32, \(DecimalText.quantity($0.left)) of the image"
  }

  public init() {}

  public func corrupt(
    _ image: RasterImage, severity: Int, random: inout SeededRandom
  ) -> RasterImage {
    let values = step(Self.ladder, severity)
    var flakes = RasterImage(
      channels: 1, height: image.height, width: image.width,
      values: (0..<image.height * image.width).map { _ in
        values.mean + values.deviation * random.gaussian()
      })
    flakes = flakes.zoomed(by: values.zoom)
    flakes.values = flakes.values.map { $0 < values.threshold ? 0 : min($0, 1) }
    let direction = (-135 + 90 * random.uniform()) * .pi / 180
    flakes = flakes.moved(
      radius: values.length * image.scale, deviation: values.spread * image.scale,
      direction: direction)
    return image.map { channel, y, x in
      let value = image.values[image.index(channel, y, x)]
      // What is not covered looks paler, as through falling snow.
      let paler = max(value, value * 0.5 + 0.25 + value * 0.25)
      let turned = flakes.values[flakes.index(0, image.height - 1 - y, image.width - 1 - x)]
      return values.left * value + (1 - values.left) * paler
        + flakes.values[flakes.index(0, y, x)] + turned
    }
  }
}
