/// Convolution as a matrix product: images to columns of windows and, for gradients, back.
///
/// Source: Chellapilla, Puri, Simard, "High performance convolutional neural networks for document
/// processing", 2006.
extension WindowGeometry {
  /// Depth, row and column of a kernel element, counted in row-major order.
  @inlinable
  public func place(ofTap tap: Int) -> (z: Int, y: Int, x: Int) {
    (tap / (height.kernel * width.kernel), tap / width.kernel % height.kernel, tap % width.kernel)
  }

  /// Writes the windows over `channels` planes that start at `offset` as a matrix with one row for each
  /// (channel, kernel row, kernel column) and one column for each output position; padding is 0.
  @specialized(where S == Float)
  @specialized(where S == Double)
  public func writeColumns<S: KernelScalar>(
    of image: [S], from offset: Int, channels: Int, to columns: inout [S]
  ) {
    precondition(offset + channels * inputPlane <= image.count, "the planes are inside the image")
    precondition(columns.count >= channels * kernelPlane * outputPlane, "the columns have room")
    let source = image.span
    var target = columns.mutableSpan
    var row = 0
    for channel in 0..<channels {
      let plane = offset + channel * inputPlane
      for tap in 0..<kernelPlane {
        let (z, y, x) = place(ofTap: tap)
        let inside = width.positionsInside(x)
        for line in 0..<depth.output * height.output {
          let inputZ = depth.source(line / height.output, z)
          let inputY = height.source(line % height.output, y)
          let start = row + line * width.output
          guard inputZ >= 0, inputZ < depth.input, inputY >= 0, inputY < height.input,
            !inside.isEmpty
          else {
            for position in 0..<width.output { target[start + position] = 0 }
            continue
          }
          for position in 0..<inside.lowerBound { target[start + position] = 0 }
          var index =
            plane + (inputZ * height.input + inputY) * width.input
            + width.source(inside.lowerBound, x)
          for position in inside {
            target[start + position] = source[index]
            index += width.stride
          }
          for position in inside.upperBound..<width.output { target[start + position] = 0 }
        }
        row += outputPlane
      }
    }
  }

  /// Adds columns back to the planes they were taken from: the adjoint of `writeColumns`, in ascending
  /// order of matrix rows.
  @specialized(where S == Float)
  @specialized(where S == Double)
  public func addColumns<S: KernelScalar>(
    _ columns: [S], channels: Int, to image: inout [S], from offset: Int
  ) {
    precondition(offset + channels * inputPlane <= image.count, "the planes are inside the image")
    precondition(columns.count >= channels * kernelPlane * outputPlane, "the columns are complete")
    let source = columns.span
    var target = image.mutableSpan
    var row = 0
    for channel in 0..<channels {
      let plane = offset + channel * inputPlane
      for tap in 0..<kernelPlane {
        let (z, y, x) = place(ofTap: tap)
        let inside = width.positionsInside(x)
        for outputZ in depth.positionsInside(z) where !inside.isEmpty {
          for outputY in height.positionsInside(y) {
            let line =
              plane
              + (depth.source(outputZ, z) * height.input + height.source(outputY, y)) * width.input
            var index = line + width.source(inside.lowerBound, x)
            let start = row + (outputZ * height.output + outputY) * width.output
            for position in inside {
              target[index] += source[start + position]
              index += width.stride
            }
          }
        }
        row += outputPlane
      }
    }
  }
}
