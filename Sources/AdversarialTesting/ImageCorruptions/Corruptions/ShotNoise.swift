public import EngineSupport
import TensorCore

/// Noise of counting few photons: Poisson counts instead of the light itself.
public struct ShotNoise: ImageCorruption {
  public static let name = "shot-noise"
  public static let summary = "So little light that single photons count."
  /// Photons at full scale.
  private static let ladder: [Double] = [500, 250, 100, 75, 50]
  public static let meanings = ladder.map {
    "\(DecimalText.quantity($0)) photons at full scale"
  }

  public init() {}

  public func corrupt(
    _ image: RasterImage, severity: Int, random: inout SeededRandom
  ) -> RasterImage {
    let photons = step(Self.ladder, severity)
    var result = image
    for index in result.values.indices {
      result.values[index] =
        count(mean: max(image.values[index], 0) * photons, random: &random) / photons
    }
    return result
  }

  /// A Poisson number by inversion; means are at most a few hundred.
  private func count(mean: Double, random: inout SeededRandom) -> Double {
    let draw = random.uniform()
    var share = PortableMath.exp(-mean)
    var below = share
    var count = 0.0
    while draw > below, count < 20 * mean + 100 {
      count += 1
      share *= mean / count
      below += share
    }
    return count
  }
}
