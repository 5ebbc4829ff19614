public import EngineSupport

/// Noise of a warm sensor in weak light.
public struct GaussianNoise: ImageCorruption {
  public static let name = "gaussian-noise"
  public static let summary = "The sensor is noisy in weak light."
  private static let ladder = [0.04, 0.06, 0.08, 0.09, 0.10]
  public static let meanings = ladder.map {
    "standard deviation \(DecimalText.quantity($0)) of full scale"
  }

  public init() {}

  public func corrupt(
    _ image: RasterImage, severity: Int, random: inout SeededRandom
  ) -> RasterImage {
    var result = image
    for index in result.values.indices {
      result.values[index] += step(Self.ladder, severity) * random.gaussian()
    }
    return result
  }
}
