package import TensorCore

/// Linear relaxations of x ↦ xⁿ for one known exponent, where it bends to one side over the range.
extension Power: PlanarOperator {
  package func planes(
    over operands: [IntervalTensor], varying: [Bool], within range: IntervalTensor, boxes: Int
  ) -> RelaxationPlanes? {
    guard varying == [true, false], operands[1].lower.count == 1,
      operands[1].lower == operands[1].upper, range.lower.count == operands[0].lower.count
    else { return nil }
    let exponent = operands[1].lower.elements[0]
    var planes = RelaxationPlanes(
      boxes: boxes, width: range.lower.count / boxes, readsInOrder: false)
    for i in range.lower.elements.indices {
      let (low, high) = (operands[0].lower.elements[i], operands[0].upper.elements[i])
      planes.sources?[i] = i % planes.width
      planes.set(
        i,
        Self.lines(exponent, over: low, high)
          ?? LinePair(between: range.lower.elements[i], and: range.upper.elements[i]))
    }
    return planes
  }

  private static func lines(
    _ exponent: Double, over low: Double, _ high: Double
  ) -> LinePair? {
    guard let curvature = curvature(exponent, over: low, high) else { return nil }
    let (a, b) = (PortableMath.pow(low, exponent), PortableMath.pow(high, exponent))
    return LinePair.curve(
      curvature, over: low, high, value: { PortableMath.pow($0, exponent) },
      derivative: { exponent * PortableMath.pow($0, exponent - 1) })?
      .widenedForFloat(low: a, high: b)
  }

  private static func curvature(
    _ exponent: Double, over low: Double, _ high: Double
  ) -> LinePair.Curvature? {
    let isWhole = exponent == exponent.rounded() && abs(exponent) <= 64
    let isEven = isWhole && Int(exponent) % 2 == 0
    if low > 0 { return exponent > 0 && exponent < 1 ? .concave : .convex }
    if isEven, exponent >= 2 { return .convex }
    if isWhole, exponent >= 1, high < 0 { return .concave }
    return nil
  }
}
