/// Ranges of sums whose weights are not negative.
extension IntervalTensor {
  /// The range of a function that adds up at most `terms` products of elements with weights of 0 or more.
  public func bounding(
    terms: Int, _ function: (Tensor<Double>) -> Tensor<Double>
  ) -> IntervalTensor {
    let low = function(lower)
    let high = function(upper)
    let magnitudes = function(
      Tensor(
        shape: shape,
        elements: zip(lower.elements, upper.elements).map { max(abs($0), abs($1)) }))
    return IntervalTensor(lower: low, upper: high).widened(terms: terms, magnitudes: magnitudes)
  }

  /// Both ends moved outwards by the error of a sum of `terms` products with these magnitudes.
  public func widened(terms: Int, magnitudes: Tensor<Double>) -> IntervalTensor {
    var low = lower.elements
    var high = upper.elements
    for (i, magnitude) in magnitudes.elements.enumerated() {
      let error = OutwardRounding.error(ofSum: terms, magnitude: magnitude)
      low[i] = (low[i] - error).nextDown
      high[i] = (high[i] + error).nextUp
    }
    return IntervalTensor(
      lower: Tensor(shape: shape, elements: low), upper: Tensor(shape: shape, elements: high))
  }
}
