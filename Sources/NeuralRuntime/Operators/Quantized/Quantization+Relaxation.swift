package import TensorCore

/// Steps lie within half a step of the straight line, held between the least and the greatest step; where at most
/// two steps are possible they are bounded by them.
extension Quantization: PlanarOperator {
  package func planes(
    over operands: [IntervalTensor], varying: [Bool], within range: IntervalTensor, boxes: Int
  ) -> RelaxationPlanes? {
    let x = operands[0]
    let places = steps.plannedPlaces(in: x.shape)
    var planes = RelaxationPlanes(boxes: boxes, width: x.lower.count / max(boxes, 1))
    for i in x.lower.elements.indices {
      let (low, high) = (range.lower.elements[i], range.upper.elements[i])
      planes.set(
        i, band(over: x[i], at: places[i], within: (low, high)) ?? LinePair(between: low, and: high)
      )
    }
    return planes
  }

  /// nil where the range is as good.
  private func band(
    over x: Ranges.Range, at place: Int, within range: Ranges.Range
  ) -> LinePair? {
    let (scale, offset) = (Double(steps.scales[place]), steps.offsets[place])
    let limits = limits
    guard range.high - range.low > 1, scale > 0, x.low.isFinite, x.high.isFinite else { return nil }
    let ends = (x.low / scale + offset, x.high / scale + offset)
    let reach = max(abs(ends.0), abs(ends.1)) + abs(offset)
    guard reach < 0x1p40 else { return nil }
    let clip = LinePair.clip(from: limits.least, to: limits.most, over: ends.0, ends.1)
    func composed(_ line: LinePair.Line) -> LinePair.Line {
      LinePair.Line(slope: line.slope / scale, offset: line.offset + line.slope * offset)
    }
    let pair = LinePair(lower: composed(clip.lower), upper: composed(clip.upper))
      // A quotient is rounded in `Float` before it is rounded to a step; holding steps between limits brings
      // neither error further.
      .widened(by: 0.5 + reach * (4 * OutwardRounding.unitRoundoff))
    let numbers = [pair.lower.slope, pair.lower.offset, pair.upper.slope, pair.upper.offset]
    return numbers.allSatisfy(\.isFinite) ? pair : nil
  }
}
