package import TensorCore

/// Ranges of linear models; without a transform they are affine maps.
extension LinearModel: AffineOperator {
  package func isAffine(in varying: [Bool]) -> Bool { head.isAffine }

  package func roundings(for operands: [[Int]]) -> Int { operands[0][1] + 3 }

  package func magnitudes(_ operands: [IntervalTensor]) -> [Tensor<Double>] {
    let sizes = product(
      operands[0].magnitudes, coefficients.map { abs($0) }, intercepts.map { abs($0) },
      by: .fastest)
    guard head.expansion == .mirrored else { return [sizes] }
    return [Tensor(shape: [sizes.shape[0], 2], elements: sizes.elements.flatMap { [$0, $0] })]
  }

  package func row(
    of output: Int, operands: [Tensor<Double>]
  ) -> [(source: Int, factor: Double)]? {
    let width = operands[0].shape[1]
    let (row, column) = output.quotientAndRemainder(dividingBy: head.count(for: targets))
    let target = head.expansion == .mirrored ? 0 : column
    let sign: Double = head.expansion == .mirrored && column == 0 ? -1 : 1
    return (0..<width).map {
      (row * width + $0, sign * Double(coefficients[target * width + $0]))
    }
  }

  package func interval(_ operands: [IntervalTensor]) -> [IntervalTensor] {
    let (centre, radius) = operands[0].centred
    let sizes = coefficients.map { abs($0) }
    let middle = product(centre, coefficients, intercepts, by: .fastest)
    let reach = product(radius, sizes, [], by: .fastest)
    let magnitudes = product(
      sum(centre.magnitudes, radius), sizes, intercepts.map { abs($0) }, by: .fastest)
    let ends = zip(middle.elements, reach.elements)
    let scores = IntervalTensor(
      lower: Tensor(shape: middle.shape, elements: ends.map { $0 - $1 }),
      upper: Tensor(shape: middle.shape, elements: ends.map { $0 + $1 })
    ).widened(terms: operands[0].shape[1] + 3, magnitudes: magnitudes)
    let rows = middle.shape[0]
    let ranges = (0..<rows).flatMap { row in
      head.ranges(of: (row * targets..<(row + 1) * targets).map { scores[$0] })
    }
    return [IntervalTensor(shape: [rows, head.count(for: targets)], ranges)]
  }
}
