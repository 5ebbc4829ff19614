public import EngineSupport

/// Pixels that are dead or stuck at full scale.
public struct ImpulseNoise: ImageCorruption {
  public static let name = "impulse-noise"
  public static let summary = "Single pixels are black or white."
  private static let ladder = [0.01, 0.02, 0.03, 0.05, 0.07]
  public static let meanings = ladder.map {
    "\(DecimalText.quantity($0)) of the pixels"
  }

  public init() {}

  public func corrupt(
    _ image: RasterImage, severity: Int, random: inout SeededRandom
  ) -> RasterImage {
    var result = image
    for index in result.values.indices {
      let draw = random.uniform()
      let isWhite = random.uniform() < 0.5
      if draw < step(Self.ladder, severity) { result.values[index] = isWhite ? 1 : 0 }
    }
    return result
  }
}
