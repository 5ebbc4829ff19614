import TensorCore

/// A constant that was computed in both precisions, for bounds that must hold in either.
extension DualTensor {
  /// The range that holds both copies.
  var range: IntervalTensor {
    let single = float.elements.map { Double($0) }
    return IntervalTensor(
      lower: Tensor(shape: shape, elements: zip(double.elements, single).map { min($0, $1) }),
      upper: Tensor(shape: shape, elements: zip(double.elements, single).map { max($0, $1) }))
  }

  /// The greatest difference of the copies in proportion to the one in `Double`: 0 for what a file of `Float`
  /// constants stores; infinite where it cannot be given.
  var deviation: Double {
    zip(double.elements, float.elements).reduce(0) { most, pair in
      let gap = abs(Double(pair.1) - pair.0)
      if gap == 0 { return most }
      let share = gap / abs(pair.0) * (1 + 0x1p-50)
      return share.isFinite ? max(most, share) : .infinity
    }
  }
}
