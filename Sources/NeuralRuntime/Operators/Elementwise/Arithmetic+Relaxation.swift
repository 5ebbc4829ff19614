package import TensorCore

/// Sums are affine, and so are products and quotients by a constant; a product of two operands that both vary
/// lies between the planes of its convex envelope.
///
/// Source: McCormick, "Computability of global solutions to factorable nonconvex programs: part I", Mathematical
/// Programming 10 (1976).
extension Arithmetic: AffineOperator, PlanarOperator {
  package func isAffine(in varying: [Bool]) -> Bool {
    switch function {
    case .add, .subtract: true
    case .multiply: varying[0] != varying[1]
    case .divide: !varying[1]
    }
  }

  package func roundings(for operands: [[Int]]) -> Int { 1 }

  package func magnitudes(_ operands: [IntervalTensor]) -> [Tensor<Double>] {
    let (left, right) = (operands[0].magnitudes, operands[1])
    guard let walk = Broadcasting(left.shape, right.shape) else {
      preconditionFailure("shapes were checked when the network was planned")
    }
    switch function {
    case .add, .subtract: return [walk.pairs(left.elements, right.magnitudes.elements) { $0 + $1 }]
    case .multiply: return [walk.pairs(left.elements, right.magnitudes.elements) { $0 * $1 }]
    case .divide: return [walk.pairs(left.elements, right.lower.elements) { $0 / abs($1) }]
    }
  }

  package func keepsElements(_ operands: [[Int]], varying: [Bool]) -> Bool {
    guard let shape = Broadcasting(operands[0], operands[1])?.shape else { return false }
    switch function {
    case .add: return operands[varying[0] ? 0 : 1] == shape
    case .subtract: return varying[0] && operands[0] == shape
    case .multiply, .divide: return false
    }
  }

  /// A product or quotient by a constant.
  package func diagonal(for operands: [Tensor<Double>]) -> [Double]? {
    guard function == .multiply || function == .divide,
      Broadcasting(operands[0].shape, operands[1].shape)?.shape == operands[0].shape
    else { return nil }
    let ones = Tensor<Double>(repeating: 1, shape: operands[0].shape)
    return forward([ones, operands[1]], by: .fastest)[0].elements
  }

  package func planes(
    over operands: [IntervalTensor], varying: [Bool], within range: IntervalTensor, boxes: Int
  ) -> RelaxationPlanes? {
    guard function == .multiply, varying == [true, true],
      let walk = Broadcasting(operands[0].shape, operands[1].shape)
    else { return nil }
    let widths = operands.map { $0.lower.count / boxes }
    let width = range.lower.count / boxes
    var planes = RelaxationPlanes(boxes: boxes, width: width, arity: 2, readsInOrder: false)
    let run = walk.axes[walk.axes.count - 1]
    walk.forEachRun { output, left, right in
      for i in 0..<run.count {
        let place = output + i
        let (a, b) = (left + i * run.left, right + i * run.right)
        planes.sources?[2 * place] = a % widths[0]
        planes.sources?[2 * place + 1] = widths[0] + b % widths[1]
        let x = (operands[0].lower.elements[a], operands[0].upper.elements[a])
        let y = (operands[1].lower.elements[b], operands[1].upper.elements[b])
        planes.setProduct(
          place, x, y, within: (range.lower.elements[place], range.upper.elements[place]))
      }
    }
    return planes
  }
}

extension RelaxationPlanes {
  /// The planes of a product of two operands over a box: of the two below and the two above, those whose
  /// middle is nearer. One product is rounded in `Float`.
  mutating func setProduct(
    _ place: Int, _ x: (Double, Double), _ y: (Double, Double), within range: (Double, Double)
  ) {
    guard x.0.isFinite, x.1.isFinite, y.0.isFinite, y.1.isFinite else {
      (lowerOffsets[place], upperOffsets[place]) = range
      return
    }
    let middle = (x.0 / 2 + x.1 / 2, y.0 / 2 + y.1 / 2)
    func plane(_ a: Double, _ b: Double) -> (x: Double, y: Double, offset: Double, middle: Double) {
      (b, a, -a * b, b * middle.0 + a * middle.1 - a * b)
    }
    let below = [plane(x.0, y.0), plane(x.1, y.1)]
    let above = [plane(x.0, y.1), plane(x.1, y.0)]
    let lower = below[0].middle >= below[1].middle ? below[0] : below[1]
    let upper = above[0].middle <= above[1].middle ? above[0] : above[1]
    let reach = max(abs(x.0), abs(x.1)) * max(abs(y.0), abs(y.1))
    let error = OutwardRounding.error(ofSum: 1, magnitude: reach)
    (lowerSlopes[2 * place], lowerSlopes[2 * place + 1]) = (lower.x, lower.y)
    (upperSlopes[2 * place], upperSlopes[2 * place + 1]) = (upper.x, upper.y)
    lowerOffsets[place] = lower.offset - error
    upperOffsets[place] = upper.offset + error
  }
}
