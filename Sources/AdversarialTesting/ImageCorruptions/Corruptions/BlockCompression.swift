public import EngineSupport
import TensorCore

/// Lossy compression as in JPEG: cosine coefficients of 8 × 8 blocks, rounded coarsely.
///
/// Source: ITU-T T.81 annex K (the luminance table, here for every channel: small sensors are grey or their
/// channels are independent) with the Independent JPEG Group's scaling of the table by quality.
public struct BlockCompression: ImageCorruption {
  public static let name = "jpeg"
  public static let summary = "The picture was compressed with losses."
  /// Quality in percent.
  private static let ladder: [Double] = [80, 65, 58, 50, 40]
  public static let meanings = ladder.map {
    "quality \(DecimalText.quantity($0)) %"
  }
  private static let table: [Double] = [
    16, 11, 10, 16, 24, 40, 51, 61, 12, 12, 14, 19, 26, 58, 60, 55, 14, 13, 16, 24, 40, 57, 69, 56,
    14, 17, 22, 29, 51, 87, 80, 62, 18, 22, 37, 56, 68, 109, 103, 77, 24, 35, 55, 64, 81, 104, 113,
    92, 49, 64, 78, 87, 103, 121, 120, 101, 72, 92, 95, 98, 112, 100, 103, 99,
  ]
  /// The orthonormal cosine transform, frequency by place.
  private static let basis: [[Double]] = (0..<8).map { frequency in
    (0..<8).map { place in
      let scale = frequency == 0 ? 0.125.squareRoot() : 0.5
      return scale * PortableMath.cos(Double((2 * place + 1) * frequency) * .pi / 16)
    }
  }

  public init() {}

  public func corrupt(
    _ image: RasterImage, severity: Int, random: inout SeededRandom
  ) -> RasterImage {
    let quality = step(Self.ladder, severity)
    let percent = quality < 50 ? 5000 / quality : 200 - 2 * quality
    let steps = Self.table.map { min(max((($0 * percent + 50) / 100).rounded(.down), 1), 255) }
    var result = image
    for channel in 0..<image.channels {
      for top in stride(from: 0, to: image.height, by: 8) {
        for left in stride(from: 0, to: image.width, by: 8) {
          let block = (0..<64).map { place in
            255 * image.nearest(channel, top + place / 8, left + place % 8) - 128
          }
          let rounded = zip(transformed(block, inverse: false), steps)
            .map { ($0 / $1).rounded(.toNearestOrEven) * $1 }
          for (place, value) in transformed(rounded, inverse: true).enumerated()
          where top + place / 8 < image.height && left + place % 8 < image.width {
            result.values[image.index(channel, top + place / 8, left + place % 8)] =
              (value.rounded() + 128) / 255
          }
        }
      }
    }
    return result
  }

  private func transformed(_ block: [Double], inverse: Bool) -> [Double] {
    func weight(_ out: Int, _ into: Int) -> Double {
      inverse ? Self.basis[into][out] : Self.basis[out][into]
    }
    func rows(_ values: [Double]) -> [Double] {
      (0..<64).map { place in
        (0..<8).reduce(0) { $0 + weight(place % 8, $1) * values[place / 8 * 8 + $1] }
      }
    }
    func turned(_ values: [Double]) -> [Double] { (0..<64).map { values[$0 % 8 * 8 + $0 / 8] } }
    return turned(rows(turned(rows(block))))
  }
}
