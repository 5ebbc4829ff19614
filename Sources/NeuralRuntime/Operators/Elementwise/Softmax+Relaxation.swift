package import TensorCore

/// Planes of shares: with s = Σⱼ exp(xⱼ − xᵢ) a share is 1 / s and its logarithm −log s. Exponentials lie between a
/// tangent and a chord, and so does what is made of their sum.
///
/// Source: Wei et al., "Convex bounds on the softmax function with applications to robustness verification",
/// AISTATS 2023 (the bounds by exponential and reciprocal).
extension Softmax: PlanarOperator {
  /// Slopes of one network's planes: each reads a whole group.
  private static let limit = 1 << 22

  package func planes(
    over operands: [IntervalTensor], varying: [Bool], within range: IntervalTensor, boxes: Int
  ) -> RelaxationPlanes? {
    let x = operands[0]
    let (outer, length, stride) = groups(x.shape)
    guard boxes > 0, length > 0, x.lower.count <= Self.limit / length,
      x.lower.elements.allSatisfy(\.isFinite), x.upper.elements.allSatisfy(\.isFinite)
    else { return nil }
    let width = x.lower.count / boxes
    var planes = RelaxationPlanes(boxes: boxes, width: width, arity: length, readsInOrder: false)
    for group in 0..<outer * stride {
      let start = group / stride * length * stride + group % stride
      let places = (0..<length).map { start + $0 * stride }
      for own in 0..<length {
        let place = places[own]
        for (tap, source) in places.enumerated() {
          planes.sources?[place * length + tap] = source % width
        }
        setPlanes(&planes, place, x, places, own, within: range[place])
      }
    }
    return planes
  }

  /// A plane below or above s, in the differences xⱼ − xᵢ, and what its terms add up to at most.
  private struct Sum {
    var slopes: [Double]
    var offset = 1.0
    var magnitude = 1.0

    init(count: Int) { slopes = Array(repeating: 0, count: count) }

    mutating func add(_ line: LinePair.Line, of index: Int, reach: Double) {
      slopes[index] = line.slope
      offset += line.offset
      magnitude += abs(line.offset) + abs(line.slope) * reach
    }
  }

  private func setPlanes(
    _ planes: inout RelaxationPlanes, _ place: Int, _ x: IntervalTensor, _ places: [Int],
    _ own: Int, within range: Ranges.Range
  ) {
    planes.lowerOffsets[place] = range.low
    planes.upperOffsets[place] = range.high
    let length = places.count
    var (below, above) = (Sum(count: length), Sum(count: length))
    var (least, greatest, reach) = (1.0, 1.0, 0.0)
    for other in 0..<length where other != own {
      let low = (x.lower.elements[places[other]] - x.upper.elements[place]).nextDown
      let high = (x.upper.elements[places[other]] - x.lower.elements[place]).nextUp
      reach = max(reach, abs(low), abs(high))
      guard reach < 500 else { return }
      let (a, b) = (PortableMath.exp(low), PortableMath.exp(high))
      let middle = low / 2 + high / 2
      let tangent = PortableMath.exp(middle)
      below.add(LinePair.Line(slope: tangent, through: middle, tangent), of: other, reach: reach)
      above.add(
        LinePair.Line(slope: (b - a) / (high - low), through: high, b), of: other, reach: reach)
      least += a
      greatest += b
    }
    // Room for the rounding of the exponentials and their sum in `Double`.
    let (low, high) = (least * (1 - 0x1p-36), greatest * (1 + 0x1p-36))
    let middle = low / 2 + high / 2
    // 1 / s and −log s fall and are convex: a chord above, a tangent below.
    let (steep, flat): (LinePair.Line, LinePair.Line) =
      isLogarithm
      ? (
        LinePair.Line(
          slope: -(PortableMath.log(high) - PortableMath.log(low)) / (high - low), through: low,
          -PortableMath.log(low)),
        LinePair.Line(slope: -1 / middle, through: middle, -PortableMath.log(middle))
      )
      : (
        LinePair.Line(slope: -1 / (low * high), through: low, 1 / low),
        LinePair.Line(slope: -1 / (middle * middle), through: middle, 1 / middle)
      )
    let size = isLogarithm ? max(abs(range.low), abs(range.high)) + 1 : range.high
    let error =
      size * floatShare(of: length, reach: reach) + OutwardRounding.underflow
      + 0x1p-36
      * (abs(flat.slope) * above.magnitude + abs(flat.offset) + abs(steep.slope) * below.magnitude
        + abs(steep.offset))
    set(&planes, place, own, above, flat, -error, isLower: true, instead: range.low, x, places)
    set(&planes, place, own, below, steep, error, isLower: false, instead: range.high, x, places)
  }

  /// Writes line(sum) + error as a plane unless the constant is nearer in the middle of the box.
  private func set(
    _ planes: inout RelaxationPlanes, _ place: Int, _ own: Int, _ sum: Sum, _ line: LinePair.Line,
    _ error: Double, isLower: Bool, instead constant: Double, _ x: IntervalTensor, _ places: [Int]
  ) {
    let length = places.count
    var slopes = sum.slopes.map { $0 * line.slope }
    slopes[own] = -slopes.reduce(0, +)
    let offset = line.offset + line.slope * sum.offset + error
    var middle = offset
    for (tap, source) in places.enumerated() {
      middle += slopes[tap] * (x.lower.elements[source] / 2 + x.upper.elements[source] / 2)
    }
    guard offset.isFinite, slopes.allSatisfy(\.isFinite),
      isLower ? middle > constant : middle < constant
    else { return }
    for tap in 0..<length {
      if isLower {
        planes.lowerSlopes[place * length + tap] = slopes[tap]
      } else {
        planes.upperSlopes[place * length + tap] = slopes[tap]
      }
    }
    if isLower { planes.lowerOffsets[place] = offset } else { planes.upperOffsets[place] = offset }
  }
}
