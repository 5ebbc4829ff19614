public import EngineSupport

/// A lens out of focus: every point becomes a disc.
public struct DefocusBlur: ImageCorruption {
  public static let name = "defocus-blur"
  public static let summary = "The lens is out of focus."
  /// Radius of the disc, and the softening of its edge.
  private static let ladder = [(0.3, 0.4), (0.4, 0.5), (0.5, 0.6), (1, 0.2), (1.5, 0.1)]
  public static let meanings = ladder.map {
    "disc of radius \(DecimalText.quantity($0.0)), edge softened by \(DecimalText.quantity($0.1)), in pixels of 32"
  }

  public init() {}

  public func corrupt(
    _ image: RasterImage, severity: Int, random: inout SeededRandom
  ) -> RasterImage {
    let (radius, edge) = step(Self.ladder, severity)
    let size = radius * image.scale
    let reach = max(Int(size.rounded(.up)), 1)
    var offsets: [(dy: Double, dx: Double, weight: Double)] = []
    for y in -reach...reach {
      for x in -reach...reach {
        // The share of the pixel's area that the disc covers, by a grid of 8 × 8 points.
        var inside = 0.0
        for sy in 0..<8 {
          for sx in 0..<8 {
            let py = Double(y) + (Double(sy) - 3.5) / 8
            let px = Double(x) + (Double(sx) - 3.5) / 8
            if py * py + px * px <= size * size { inside += 1 }
          }
        }
        if inside > 0 { offsets.append((Double(y), Double(x), inside)) }
      }
    }
    let disc = offsets.isEmpty ? image : image.averaged(over: offsets)
    return disc.blurred(deviation: edge * image.scale)
  }
}
