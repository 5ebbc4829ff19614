import TensorCore

/// Blurs; the border is continued with its own pixels.
extension RasterImage {
  /// A Gaussian blur, cut at four standard deviations.
  func blurred(deviation: Double) -> RasterImage {
    guard deviation > 0 else { return self }
    let radius = max(Int((4 * deviation + 0.5).rounded(.down)), 1)
    var weights = (-radius...radius).map { offset in
      PortableMath.exp(-Double(offset * offset) / (2 * deviation * deviation))
    }
    let sum = weights.reduce(0, +)
    weights = weights.map { $0 / sum }
    func pass(_ image: RasterImage, _ dy: Int, _ dx: Int) -> RasterImage {
      image.map { channel, y, x in
        var total = 0.0
        for (position, weight) in weights.enumerated() {
          let offset = position - radius
          total += weight * image.nearest(channel, y + dy * offset, x + dx * offset)
        }
        return total
      }
    }
    return pass(pass(self, 1, 0), 0, 1)
  }

  /// The weighted mean over offsets; the weights need not sum to 1.
  func averaged(over offsets: [(dy: Double, dx: Double, weight: Double)]) -> RasterImage {
    let sum = offsets.reduce(0) { $0 + $1.weight }
    return map { channel, y, x in
      var total = 0.0
      for offset in offsets {
        total += offset.weight * bilinear(channel, Double(y) + offset.dy, Double(x) + offset.dx)
      }
      return total / sum
    }
  }

  /// Motion along a line, weighted by a Gaussian of the distance from where it began.
  func moved(radius: Double, deviation: Double, direction: Double) -> RasterImage {
    let count = max(Int(radius.rounded(.up)), 1)
    let (dy, dx) = (PortableMath.sin(direction), PortableMath.cos(direction))
    return averaged(
      over: (0...count).map { step in
        let length = Double(step) * radius / Double(count)
        return (
          length * dy, length * dx,
          PortableMath.exp(-length * length / (2 * deviation * deviation))
        )
      })
  }

  /// Enlarged about its centre by a factor of at least 1.
  func zoomed(by factor: Double) -> RasterImage {
    let (cy, cx) = (Double(height - 1) / 2, Double(width - 1) / 2)
    return map { channel, y, x in
      bilinear(channel, cy + (Double(y) - cy) / factor, cx + (Double(x) - cx) / factor)
    }
  }
}
