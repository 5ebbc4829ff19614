package import TensorCore

/// Steps back to reals are a straight line, whose difference and product are rounded in `Float`.
extension Dequantization: AffineOperator {
  package func isAffine(in varying: [Bool]) -> Bool { true }

  package func roundings(for operands: [[Int]]) -> Int { 2 }

  package func magnitudes(_ operands: [IntervalTensor]) -> [Tensor<Double>] {
    let x = operands[0].magnitudes
    let places = steps.plannedPlaces(in: x.shape)
    var result = x.elements
    for i in result.indices {
      let (scale, offset) = (abs(Double(steps.scales[places[i]])), abs(steps.offsets[places[i]]))
      result[i] = ((result[i] + offset) * scale).nextUp
    }
    return [Tensor(shape: x.shape, elements: result)]
  }

  package func diagonal(for operands: [Tensor<Double>]) -> [Double]? {
    steps.plannedPlaces(in: operands[0].shape).map { Double(steps.scales[$0]) }
  }
}
