package import TensorCore

/// An operator that takes part in linear bounds, either because it is affine or by planes below and above it.
package protocol RelaxableOperator: IntervalOperator {}

/// An operator that is affine in those of its operands that vary, while the others are constants:
/// y = L·x + c. Its vector–Jacobian product is the adjoint of L, so that bounds are pulled back by the same
/// code that differentiates.
package protocol AffineOperator: RelaxableOperator, DifferentiableOperator {
  func isAffine(in varying: [Bool]) -> Bool

  /// Rounded operations behind one element of the output in `Float`; 0 where elements are only moved.
  func roundings(for operands: [[Int]]) -> Int

  /// For each output an upper bound of Σ|L||x| + |c| over the operands' ranges.
  func magnitudes(_ operands: [IntervalTensor]) -> [Tensor<Double>]

  /// Whether the outputs are the elements of the one varying operand in the same order, plus constants.
  func keepsElements(_ operands: [[Int]], varying: [Bool]) -> Bool

  /// One row of L: the elements of the first operand that an element of one sample's output reads, with
  /// their factors; nil where L is better applied as a whole.
  func row(of output: Int, operands: [Tensor<Double>]) -> [(source: Int, factor: Double)]?

  /// The factors of L where each output reads the first operand's element in its place and no other; nil
  /// elsewhere.
  func diagonal(for operands: [Tensor<Double>]) -> [Double]?
}

extension AffineOperator {
  package func keepsElements(_ operands: [[Int]], varying: [Bool]) -> Bool { false }

  package func row(
    of output: Int, operands: [Tensor<Double>]
  ) -> [(source: Int, factor: Double)]? { nil }

  package func diagonal(for operands: [Tensor<Double>]) -> [Double]? { nil }
}

/// An operator that is not affine and has planes below and above each element of its one output.
package protocol PlanarOperator: RelaxableOperator {
  /// The planes over a batch of boxes, or nil where only the interval form says anything.
  ///
  /// - Parameters:
  ///   - operands: The operands' ranges, with the boxes along axis 0 of those that vary.
  ///   - range: The output's ranges over the same boxes.
  ///   - boxes: The number of boxes.
  func planes(
    over operands: [IntervalTensor], varying: [Bool], within range: IntervalTensor, boxes: Int
  ) -> RelaxationPlanes?

  /// Whether the planes over this range of one element are exact, so that a tighter range would not help.
  func isSettled(_ low: Double, _ high: Double) -> Bool

  /// Whether `isSettled` holds exactly where 0 is not inside the range.
  var settlesBySign: Bool { get }

  /// The slopes that a line through the origin may have below (or, for a concave function, above) the
  /// function wherever 0 lies inside the range; nil where the slopes are not free.
  var freeLowerSlopes: ClosedRange<Double>? { get }
}

extension PlanarOperator {
  package func isSettled(_ low: Double, _ high: Double) -> Bool { low == high }

  package var settlesBySign: Bool { false }

  package var freeLowerSlopes: ClosedRange<Double>? { nil }
}

extension IntervalTensor {
  /// The greatest magnitude of each element.
  package var magnitudes: Tensor<Double> {
    var result = lower.elements
    precondition(result.count == upper.count, "both ends have one shape")
    let high = upper.elements.span
    var reach = result.mutableSpan
    for i in reach.indices {
      let (below, above) = unsafe (abs(reach[unchecked: i]), abs(high[unchecked: i]))
      unsafe reach[unchecked: i] = below > above ? below : above
    }
    return Tensor(shape: shape, elements: result)
  }
}
