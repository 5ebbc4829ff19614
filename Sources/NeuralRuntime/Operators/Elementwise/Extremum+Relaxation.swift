package import TensorCore

/// Sum and Mean are affine. A maximum of two is the second plus max(first − second, 0), which is relaxed like a
/// rectifier; a minimum is its mirror image.
extension Extremum: AffineOperator, PlanarOperator {
  package func isAffine(in varying: [Bool]) -> Bool {
    node.operation == "Sum" || node.operation == "Mean"
  }

  package func roundings(for operands: [[Int]]) -> Int { operands.count + 1 }

  package func magnitudes(_ operands: [IntervalTensor]) -> [Tensor<Double>] {
    forward(operands.map(\.magnitudes), by: .fastest)
  }

  package func planes(
    over operands: [IntervalTensor], varying: [Bool], within range: IntervalTensor, boxes: Int
  ) -> RelaxationPlanes? {
    guard node.operation == "Max" || node.operation == "Min", operands.count == 2,
      let walk = Broadcasting(operands[0].shape, operands[1].shape)
    else {
      return nil
    }
    let widths = zip(operands, varying).map { $1 ? $0.lower.count / boxes : $0.lower.count }
    var planes = RelaxationPlanes(
      boxes: boxes, width: range.lower.count / boxes, arity: 2, readsInOrder: false)
    let isMaximum = node.operation == "Max"
    let run = walk.axes[walk.axes.count - 1]
    walk.forEachRun { output, left, right in
      for i in 0..<run.count {
        let place = output + i
        let (a, b) = (left + i * run.left, right + i * run.right)
        planes.sources?[2 * place] = a % widths[0]
        planes.sources?[2 * place + 1] = widths[0] + b % widths[1]
        let x = (operands[0].lower.elements[a], operands[0].upper.elements[a])
        let y = (operands[1].lower.elements[b], operands[1].upper.elements[b])
        guard x.0.isFinite, x.1.isFinite, y.0.isFinite, y.1.isFinite else {
          planes.lowerOffsets[place] = range.lower.elements[place]
          planes.upperOffsets[place] = range.upper.elements[place]
          continue
        }
        // The difference first − second lies between these.
        let gap = ((x.0 - y.1).nextDown, (x.1 - y.0).nextUp)
        let takesFirst = isMaximum ? gap.0 + gap.1 >= 0 : gap.0 + gap.1 <= 0
        let flat = (takesFirst ? 1.0 : 0.0, takesFirst ? 0.0 : 1.0, 0.0)
        let share = gap.0 >= 0 ? 1 : gap.1 <= 0 ? 0 : gap.1 / (gap.1 - gap.0)
        let offset = share == 0 || share == 1 ? 0 : share * gap.0
        let chord = isMaximum ? (share, 1 - share, -offset) : (1 - share, share, offset)
        let (lower, upper) = isMaximum ? (flat, chord) : (chord, flat)
        (planes.lowerSlopes[2 * place], planes.lowerSlopes[2 * place + 1]) = (lower.0, lower.1)
        (planes.upperSlopes[2 * place], planes.upperSlopes[2 * place + 1]) = (upper.0, upper.1)
        planes.lowerOffsets[place] = lower.2
        planes.upperOffsets[place] = upper.2
      }
    }
    return planes
  }
}
