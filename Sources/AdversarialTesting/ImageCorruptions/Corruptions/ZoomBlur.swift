public import EngineSupport

/// The camera moved towards the object while the shutter was open.
public struct ZoomBlur: ImageCorruption {
  public static let name = "zoom-blur"
  public static let summary = "The camera moved towards the object while the shutter was open."
  /// The greatest enlargement; steps are hundredths.
  private static let ladder = [0.05, 0.10, 0.15, 0.20, 0.25]
  public static let meanings = ladder.map {
    "enlarged by up to \(DecimalText.quantity($0))"
  }

  public init() {}

  public func corrupt(
    _ image: RasterImage, severity: Int, random: inout SeededRandom
  ) -> RasterImage {
    let steps = Int((step(Self.ladder, severity) * 100).rounded())
    var sum = image
    for hundredth in 0...steps {
      let zoomed = image.zoomed(by: 1 + Double(hundredth) / 100)
      for index in sum.values.indices { sum.values[index] += zoomed.values[index] }
    }
    sum.values = sum.values.map { $0 / Double(steps + 2) }
    return sum
  }
}
