/// A small image as a corruption sees it: shares of the sensor's range, 0 for dark and 1 for full scale.
///
/// Law: `values` holds channel after channel, each row by row: `channels · height · width` numbers.
public struct RasterImage: Sendable, Equatable {
  public let channels: Int
  public let height: Int
  public let width: Int
  public var values: [Double]

  public init(channels: Int, height: Int, width: Int, values: [Double]) {
    precondition(channels > 0 && height > 0 && width > 0, "an image has pixels")
    precondition(values.count == channels * height * width, "one value a channel and pixel")
    self.channels = channels
    self.height = height
    self.width = width
    self.values = values
  }

  func index(_ channel: Int, _ y: Int, _ x: Int) -> Int { (channel * height + y) * width + x }

  /// The pixel at a place; beyond the border the nearest one.
  func nearest(_ channel: Int, _ y: Int, _ x: Int) -> Double {
    values[index(channel, min(max(y, 0), height - 1), min(max(x, 0), width - 1))]
  }

  /// The value between four pixels; beyond the border the nearest ones.
  func bilinear(_ channel: Int, _ y: Double, _ x: Double) -> Double {
    let y0 = y.rounded(.down)
    let x0 = x.rounded(.down)
    let (fy, fx) = (y - y0, x - x0)
    let (iy, ix) = (Int(y0), Int(x0))
    let top = nearest(channel, iy, ix) * (1 - fx) + nearest(channel, iy, ix + 1) * fx
    let bottom = nearest(channel, iy + 1, ix) * (1 - fx) + nearest(channel, iy + 1, ix + 1) * fx
    return top * (1 - fy) + bottom * fy
  }

  /// Every pixel anew from its channel and place.
  func map(_ value: (_ channel: Int, _ y: Int, _ x: Int) -> Double) -> RasterImage {
    var result = self
    for channel in 0..<channels {
      for y in 0..<height {
        for x in 0..<width { result.values[index(channel, y, x)] = value(channel, y, x) }
      }
    }
    return result
  }

  /// The shorter side against the 32 pixels for which the lengths in the ladders were published.
  var scale: Double { Double(min(height, width)) / 32 }
}
