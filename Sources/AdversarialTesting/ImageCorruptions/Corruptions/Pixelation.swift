public import EngineSupport

/// The picture was made smaller and larger again.
public struct Pixelation: ImageCorruption {
  public static let name = "pixelation"
  public static let summary = "The picture was made smaller and larger again."
  private static let ladder = [0.95, 0.9, 0.85, 0.75, 0.65]
  public static let meanings = ladder.map {
    "scaled to \(DecimalText.quantity($0)) and back"
  }

  public init() {}

  public func corrupt(
    _ image: RasterImage, severity: Int, random: inout SeededRandom
  ) -> RasterImage {
    let share = step(Self.ladder, severity)
    let height = max(Int(Double(image.height) * share), 1)
    let width = max(Int(Double(image.width) * share), 1)
    // Smaller by the mean over each cell's area, larger by the nearest cell.
    func cover(_ cell: Int, _ cells: Int, _ pixels: Int) -> [(pixel: Int, weight: Double)] {
      let low = Double(cell * pixels) / Double(cells)
      let high = Double((cell + 1) * pixels) / Double(cells)
      return (Int(low)..<min(Int(high.rounded(.up)), pixels)).map { pixel in
        (pixel, min(Double(pixel + 1), high) - max(Double(pixel), low))
      }
    }
    let rows = (0..<height).map { cover($0, height, image.height) }
    let columns = (0..<width).map { cover($0, width, image.width) }
    return image.map { channel, y, x in
      let cellY = min(Int((Double(y) + 0.5) * Double(height) / Double(image.height)), height - 1)
      let cellX = min(Int((Double(x) + 0.5) * Double(width) / Double(image.width)), width - 1)
      var sum = 0.0
      var area = 0.0
      for row in rows[cellY] {
        for column in columns[cellX] {
          let weight = row.weight * column.weight
          sum += weight * image.values[image.index(channel, row.pixel, column.pixel)]
          area += weight
        }
      }
      return area > 0 ? sum / area : image.values[image.index(channel, y, x)]
    }
  }
}
