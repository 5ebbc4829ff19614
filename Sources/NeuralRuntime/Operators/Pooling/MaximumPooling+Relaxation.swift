package import TensorCore

/// Planes of a maximum under a window: below it the element whose least value is greatest; above it that element
/// where it certainly wins, and the greatest value otherwise.
extension MaximumPooling: PlanarOperator {
  package func planes(
    over operands: [IntervalTensor], varying: [Bool], within range: IntervalTensor, boxes: Int
  ) -> RelaxationPlanes? {
    let shape = operands[0].shape
    let low = operands[0].lower.elements
    let high = operands[0].upper.elements
    let (inputs, width) = (low.count / boxes, range.lower.count / boxes)
    var planes = RelaxationPlanes(boxes: boxes, width: width, readsInOrder: false)
    var output = 0
    var coversInput = true
    window.forEachWindow(window.plannedGeometry(shape), planes: shape[0] * shape[1]) { taps in
      defer { output += 1 }
      var best = -1
      var most = -Double.infinity
      for z in taps.z {
        for y in taps.y {
          for x in taps.x {
            let index = taps.index(z, y, x)
            if best < 0 || low[index] > low[best] { best = index }
          }
        }
      }
      guard best >= 0 else {
        coversInput = false
        return
      }
      for z in taps.z {
        for y in taps.y {
          for x in taps.x where taps.index(z, y, x) != best {
            most = max(most, high[taps.index(z, y, x)])
          }
        }
      }
      planes.sources?[output] = best % inputs
      planes.lowerSlopes[output] = 1
      if most <= low[best] {
        planes.upperSlopes[output] = 1
      } else {
        planes.upperOffsets[output] = max(most, high[best])
      }
    }
    return coversInput ? planes : nil
  }
}
