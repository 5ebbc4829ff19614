package import TensorCore

/// Bounds of sums of products: products of ranges, added up, with room for an engine's rounding.
extension EinsteinSummation: IntervalOperator {
  package func interval(_ operands: [IntervalTensor]) -> [IntervalTensor] {
    let shapes = operands.map(\.shape)
    guard let shape = try? outputShapes(for: shapes)[0] else {
      preconditionFailure("shapes were checked when the network was planned")
    }
    let count = shape.reduce(1, *)
    var ranges = [Ranges.Range](repeating: (0, 0), count: count)
    var magnitudes = [Double](repeating: 0, count: count)
    forEachProduct(shapes) { output, places in
      var product = operands[0][places[0]]
      for operand in 1..<max(places.count, 1) {
        product = Ranges.product(product, operands[operand][places[operand]])
      }
      ranges[output] = Ranges.sum(ranges[output], product)
      magnitudes[output] += Ranges.magnitude(product).high
    }
    let terms = multiplyAdds(for: shapes, outputs: [shape]) / max(count, 1) + shapes.count
    return [
      IntervalTensor(shape: shape, ranges).widened(
        terms: terms, magnitudes: Tensor(shape: shape, elements: magnitudes))
    ]
  }
}
